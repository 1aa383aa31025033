/** What is left of a file's detections where several met the same text. */
import { formatOf } from './compiled-formats.ts';
import type { Detection } from './finding.ts';
import { wordsOf } from './names.ts';

/** A detection and the bytes it takes up. */
export interface Found extends Detection {
  start: number;
  end: number;
  /** Known by its form or its file's format, not only by a name. */
  strong: boolean;
  /** It stands encoded in these bytes, and others may too. */
  encoded: boolean;
}

/** Tokens that are several secrets in base64: whoever revokes one revokes its parts with it. */
const PACKED = /^(?:aws-bedrock|onepassword-sa$)/;

/**
 * Drops weaker detections inside stronger ones, and doubles. Of two formats that overlap the more
 * specific one is meant; any format says more than that a password stands in a URL.
 */
export function settle(found: Found[]): Detection[] {
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const named = withoutKeys(found).map(easeAccount);
  const order = strongest(named.filter((one) => one.strong && !one.encoded));
  const packed = order.filter(({ rule }) => PACKED.test(rule.id));
  const strong = new Set(order);
  const known = new Set(order.map(({ value }) => value));
  const seen = new Set<string>();
  const kept = named.filter((one) => {
    if (one.strong && !one.encoded) return strong.has(one);
    // What a file's own format decodes needs no second reading, nor does the body of a key.
    const again = known.has(one.value) || one.rule.id === 'private-key';
    if (overlaps(!one.strong || again ? order : packed, one)) return false;
    const key = `${one.rule.id} ${one.start} ${one.encoded ? one.value : ''}`;
    return !seen.has(key) && seen.add(key);
  });
  return kept.map(
    ({ start: _start, end: _end, strong: _strong, encoded: _encoded, ...detection }) => detection,
  );
}

/** Without names of what is a key in base64: they say less than the key does. */
function withoutKeys(found: readonly Found[]): readonly Found[] {
  const keys = found.filter(({ encoded, rule }) => encoded && rule.id === 'private-key');
  if (keys.length === 0) return found;
  return found.filter(
    (one) =>
      !one.rule.id.startsWith('generic-') ||
      !keys.some(({ start, end }) => start < one.end && one.start < end),
  );
}

const ACCESS_KEY = /\baccess ?key(?: id)?$/;
const SECRET_KEY = /\bsecret(?: ?access)? ?key$/;
const PAIR_REACH = 256; // bytes between the two of a pair
const PAIR_STEPS = 2; // other detections between them, and one

/** An access key of S3's makers (20 characters) beside its secret key, as no more than information: it says whose that is. */
function easeAccount(one: Found, i: number, all: readonly Found[]): Found {
  if (!/^[A-Za-z0-9]{20}$/.test(one.value) || one.rule.id !== 'generic-key') return one;
  if (!ACCESS_KEY.test(wordsOf(one.name ?? '').join(' '))) return one;
  const opens = all
    .slice(Math.max(0, i - PAIR_STEPS), i + PAIR_STEPS + 1)
    .some(
      ({ name = '', start }) =>
        Math.abs(start - one.start) <= PAIR_REACH && SECRET_KEY.test(wordsOf(name).join(' ')),
    );
  if (!opens) return one;
  const why = [...one.why, 'says whose account it is, which the secret key beside it opens'];
  return { ...one, severity: 'info', why };
}

/** Of strong ones that overlap, the strongest: what is left does not overlap. */
function strongest(found: readonly Found[]): Found[] {
  const kept: Found[] = [];
  for (const one of found) {
    let beaten = false;
    // Only the last few can reach as far as here.
    while (!beaten) {
      const last = kept.at(-1);
      if (!last || last.end <= one.start) break;
      const same = last.rule.id === one.rule.id && last.start === one.start;
      if (same || rank(last) >= rank(one)) {
        inherit(last, one);
        beaten = true;
      } else {
        inherit(one, last);
        kept.pop();
      }
    }
    if (!beaten) kept.push(one);
  }
  return kept;
}

/** Keeps what the text around a value tells of it: the account in a connection string, the host of an address. */
function inherit(kept: Found, beaten: Found): void {
  const { rule, facts } = beaten;
  const around = beaten.start <= kept.start && kept.end <= beaten.end;
  const related = rule.provider !== '' && rule.provider === kept.rule.provider;
  if (around && (related || rule.id === 'url-password')) kept.facts = { ...facts, ...kept.facts };
}

/** How much a detection says against others that overlap it. */
function rank({ rule, confidence }: Found): number {
  if (rule.id === 'url-password') return -1;
  // What a pull secret holds says more than that it is one.
  if (confidence === 'certain' && rule.id !== 'dockerconfigjson') return 950;
  // Strong without a form of its own: its file's format says what it is.
  if (rule.id.startsWith('generic-')) return 900;
  if (rule.id.startsWith('private-key')) return 1000; // what matches inside a key does so by chance
  return formatOf(rule.id)?.specificity ?? 0;
}

/** Whether one of those in order, which do not overlap, covers any of a detection's bytes. */
function overlaps(order: readonly Found[], { start, end }: Found): boolean {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((order[middle] as Found).start < end) low = middle + 1;
    else high = middle;
  }
  return (order[low - 1]?.end ?? 0) > start;
}
