/** What a value tells of itself without a network: the form in which every reader of this folder answers. */
import type { Severity } from '../finding.ts';

/** Facts read out of a value, and what follows from them. */
export interface TokenFacts {
  /** Plain keys (`account`, `user`, `scope`, `expires` …) and plain values; dates are ISO 8601 in UTC. */
  facts: Record<string, string>;
  /** What is to be said of the facts, as sentences' parts. */
  why: string[];
  /** Set where the value itself decides how bad it is. */
  severity?: Severity;
  /** Set where the value's structure proves its form. */
  confidence?: 'certain';
  /** Set for a trap: it opens nothing, and whoever uses it is reported. */
  canary?: true;
  /** Set where a checksum inside the value is wrong, so that no service takes it. */
  unreal?: true;
}

/** Reads one family of values; undefined where this one is not of the form. Pure, and never throws. */
export type FactsReader = (value: string, now: number) => TokenFacts | undefined;

const LONGEST_FACT = 200; // characters; a report's line, not a document
const MOST_ITEMS = 8;

/** Gathers facts; what is empty or no text is left out. */
export class FactsBuilder implements TokenFacts {
  facts: Record<string, string> = {};
  why: string[] = [];
  severity?: Severity;
  confidence?: 'certain';
  canary?: true;
  unreal?: true;

  /** Adds a text, a number, or a list of them. */
  fact(key: string, value: unknown): this {
    const text = plainText(value);
    if (text) this.facts[key] = text;
    return this;
  }

  because(text: string): this {
    this.why.push(text);
    return this;
  }

  /** Adds a date given in seconds since 1970. */
  date(key: string, seconds: unknown): this {
    return this.fact(key, isoDate(seconds));
  }

  /** Adds the date on which the value ends, in seconds since 1970; one that is past opens little. */
  expires(seconds: unknown, now: number): this {
    const date = isoDate(seconds);
    if (date === undefined) return this;
    this.facts['expires'] = date;
    if (Number(seconds) * 1000 <= now) {
      this.facts['expired'] = 'yes';
      this.severity = 'low';
      this.because(`expired on ${date.slice(0, 10)}`);
    }
    return this;
  }

  /** Sets the severity, unless the value has expired. */
  weighs(severity: Severity): this {
    if (this.facts['expired'] === undefined) this.severity = severity;
    return this;
  }

  /** Says that no service takes the value, and why. */
  refuted(why: string): this {
    this.unreal = true;
    return this.because(why);
  }

  /** Says that the structure proves the form. */
  proven(): this {
    this.confidence = 'certain';
    return this;
  }
}

/** `2026-11-23T12:00:00Z`, or undefined where the number is no date within four-digit years. */
export function isoDate(seconds: unknown): string | undefined {
  const value = typeof seconds === 'string' && /^\d{1,12}$/.test(seconds) ? +seconds : seconds;
  if (typeof value !== 'number' || !(value > 0 && value < 253_402_300_800)) return undefined;
  return new Date(value * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}

function plainText(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) {
    const items = value.slice(0, MOST_ITEMS).map(plainText).filter(Boolean).join(', ');
    return value.length > MOST_ITEMS ? `${items} and ${value.length - MOST_ITEMS} more` : items;
  }
  if (typeof value !== 'string') return '';
  const text = value
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g, ' ')
    .trim();
  return text.length > LONGEST_FACT ? `${text.slice(0, LONGEST_FACT)}…` : text;
}
