/**
 * What is inside a file that is an archive, whole or as it streams by: its members are handed to a scanner
 * of files one level deeper, and what is no member, or could not be unpacked, is handed back.
 */
import { NESTED_FLOOR, NESTED_RATIO } from '../archive/limits.ts';
import { PushDecoder } from '../archive/input-buffer.ts';
import type { MemberEvent } from '../archive/member-events.ts';
import type { Problem } from '../archive/problem.ts';
import { isZero } from '../archive/tar-fields.ts';
import { count, countSkipped, type Ledger } from './ledger.ts';
import type { Member } from './nested-archive.ts';
import type { StreamedKind } from './streamed-archives.ts';

/** Between the path of an archive and that of its member. */
export const ARCHIVE_MARK = '!/';

/** Bytes that one file of the layer may still unpack to. */
export interface Budget {
  left: number;
  told: boolean;
}

/** What a file of `size` bytes may unpack to. */
export function budgetFor(size: number): Budget {
  return { left: Math.max(NESTED_FLOOR, size * NESTED_RATIO), told: false };
}

/** Where a file stands. */
export interface Station {
  /** Path in the layer, through every archive around the file. */
  path: string;
  /** The part of it behind the file of the layer; undefined for that one itself. */
  inside: string | undefined;
  /** How many archives are around it; a compressed tar is one. */
  level: number;
  budget: Budget;
  sourceOf?: Member['sourceOf'];
  /** Where a file stands that is but a wrapper around this one: `a.tar.gz` around its tar. */
  wrapper?: { path: string; inside: string | undefined };
}

/** Scans files one level deeper. */
export interface MemberScanner {
  /** `size` in bytes, or undefined where only its end will tell. */
  beginInside(station: Station, size: number | undefined): void;
  push(bytes: Uint8Array): void;
  end(complete: boolean): void;
  /** A member that is bare marshalled code. */
  marshalled(station: Station, bytes: Uint8Array, bytecode: NonNullable<Member['bytecode']>): void;
}

/** Where things go that are no members. */
export interface NestedSink {
  problem(problem: Problem): void;
  /** Bytes of the archive that belong to no member that was read; `offset` from its start. */
  loose(bytes: Uint8Array, offset: number): void;
}

const MOST_UNREAD = 20; // members of one archive that are named one by one
const SMALLEST_GAP = 25; // between members; a zip's data descriptor has up to 24 bytes

/** Opens one archive at a time: whole, with `members`; or `begin`, any number of `push`, `end`. */
export class NestedOpener {
  #ledger: Ledger;
  #sink: NestedSink;
  #child: () => MemberScanner;

  // The archive at hand:
  #station: Station = { path: '', inside: undefined, level: 0, budget: budgetFor(0) };
  #what = '';
  #read = 0;
  #unread = 0;
  #decoder: PushDecoder<MemberEvent> | undefined;
  #pushed = 0;
  #memberName: string | undefined;
  #memberSize = 0;
  #stopped = false;

  constructor(ledger: Ledger, sink: NestedSink, child: () => MemberScanner) {
    this.#ledger = ledger;
    this.#sink = sink;
    this.#child = child;
  }

  /** Members of the latest archive that were read. */
  get read(): number {
    return this.#read;
  }

  /** Begins with an archive that is read as it comes. */
  begin(station: Station, { what, reader }: StreamedKind): void {
    this.#start(station, what);
    // The archive within a wrapper is one with it: `a.tar.gz!/b`, not `a.tar.gz!/a.tar!/b`.
    if (station.wrapper) this.#station = { ...station, ...station.wrapper };
    this.#decoder = new PushDecoder(reader);
  }

  push(bytes: Uint8Array): void {
    const decoder = this.#decoder;
    if (!decoder) {
      this.#sink.loose(bytes, this.#pushed);
      this.#pushed += bytes.length;
      return;
    }
    this.#pushed += bytes.length;
    for (const event of decoder.push(bytes)) {
      if (!this.#on(event)) break;
    }
    if (decoder.finished || this.#stopped) this.#finish(decoder);
  }

  /** Ends the archive; false where nothing of it could be read. */
  end(): boolean {
    const decoder = this.#decoder;
    if (decoder) {
      for (const event of decoder.end()) {
        if (!this.#on(event)) break;
      }
      this.#finish(decoder);
    }
    this.#sayUnread();
    return this.#read > 0;
  }

  /**
   * Reads the members of an archive that is there as a whole; false where there are none. With `handBack`,
   * what none of them was read from is handed back.
   */
  members(
    station: Station,
    what: string,
    bytes: Uint8Array,
    members: Iterator<Member, string | undefined>,
    handBack = true,
  ): boolean {
    this.#start(station, what);
    const spans: [number, number][] = [];
    let spanned = false;
    let damaged = false;
    for (;;) {
      const next = members.next();
      if (next.done) {
        damaged = next.value !== undefined;
        if (next.value !== undefined)
          this.#problem('nested-damaged', `This ${what} was read in part: ${next.value}.`);
        break;
      }
      const { span, path } = next.value;
      spanned ||= span !== undefined;
      const error = this.#member(next.value);
      if (this.#stopped) break;
      if (error !== undefined) this.#notRead(path, error);
      else if (span) spans.push(span);
    }
    this.#sayUnread();
    if (this.#read === 0) return false;
    if (handBack && spanned) this.#gaps(bytes, spans);
    else if (handBack && damaged) this.#sink.loose(bytes, 0);
    return true;
  }

  #start(station: Station, what: string): void {
    this.#station = station;
    this.#what = what;
    this.#read = 0;
    this.#unread = 0;
    this.#pushed = 0;
    this.#stopped = false;
    this.#memberName = undefined;
    this.#decoder = undefined;
  }

  /** One member; why it was not wholly read, if it was not. */
  #member(member: Member): string | undefined {
    const { path, bytes, pieces, cost, bytecode, sourceOf } = member;
    if (!this.#spend(bytes.length + cost)) return undefined;
    const station = this.#inside(path, false, sourceOf);
    if (pieces) return this.#inPieces(station, pieces);
    if (bytes.length > 0 && bytecode) this.#child().marshalled(station, bytes, bytecode);
    else if (bytes.length > 0) {
      const child = this.#child();
      child.beginInside(station, bytes.length);
      child.push(bytes);
      child.end(true);
    }
    if (bytes.length > 0) count(this.#ledger.nested, bytes.length);
    if (path !== '' && (member.error === undefined || bytes.length > 0)) this.#read++;
    return member.error;
  }

  #inPieces(
    station: Station,
    pieces: Generator<Uint8Array, string | undefined>,
  ): string | undefined {
    const child = this.#child();
    child.beginInside(station, undefined);
    let size = 0;
    let step = pieces.next();
    for (; !step.done && this.#spend(step.value.length); step = pieces.next()) {
      size += step.value.length;
      child.push(step.value);
    }
    const error = step.done ? step.value : 'it is too large';
    child.end(error === undefined);
    count(this.#ledger.nested, size);
    if (size > 0) this.#read++;
    return error;
  }

  /** Hands back what stands between the spans that were read. */
  #gaps(bytes: Uint8Array, spans: [number, number][]): void {
    let at = 0;
    for (const [from, to] of [...spans.sort((a, b) => a[0] - b[0]), [bytes.length, bytes.length]]) {
      if ((from as number) - at >= SMALLEST_GAP) this.#sink.loose(bytes.subarray(at, from), at);
      at = Math.max(at, to as number);
    }
  }

  /** Takes an event of the reader; false where the archive is not to be read on. */
  #on(event: MemberEvent): boolean {
    switch (event.type) {
      case 'member':
        this.#memberName = event.name;
        this.#memberSize = 0;
        this.#child().beginInside(this.#inside(event.name, event.wrapped === true), event.size);
        break;
      case 'data':
        if (!this.#spend(event.bytes.length)) {
          this.#endMember(undefined);
          return false;
        }
        this.#memberSize += event.bytes.length;
        this.#child().push(event.bytes);
        break;
      case 'end':
        this.#endMember(event.error);
        break;
      case 'loose':
        this.#sink.loose(event.bytes, event.offset);
        break;
      case 'problem':
        this.#problem(event.problem.code, event.problem.message, event.problem.path);
    }
    return true;
  }

  #endMember(error: string | undefined): void {
    this.#child().end(error === undefined);
    if (this.#memberSize > 0) count(this.#ledger.nested, this.#memberSize);
    if (error === undefined || this.#memberSize > 0) this.#read++;
    if (error !== undefined) this.#notRead(this.#memberName ?? '', error);
    this.#memberName = undefined;
  }

  /** Hands back what the reader has left, at its end or at damage. */
  #finish(decoder: PushDecoder<MemberEvent>): void {
    this.#decoder = undefined;
    const { problem } = decoder;
    if (this.#memberName !== undefined) this.#endMember(undefined);
    const rest = decoder.rest();
    // A file that merely begins like an archive is none, and is scanned as what it is.
    const none = this.#read === 0 && /-(damaged|truncated|checksum)$/.test(problem?.code ?? '');
    if (problem && !none) this.#problem('nested-damaged', problem.message);
    if (isZero(rest)) return;
    if (problem && !none)
      countSkipped(this.#ledger, `in a damaged ${this.#what}, scanned as raw bytes`, rest.length);
    this.#sink.loose(rest, this.#pushed - rest.length);
  }

  #inside(path: string, wrapped: boolean, sourceOf?: Member['sourceOf']): Station {
    const { path: outer, inside, level, budget, wrapper } = this.#station;
    const name = path.replace(/^(\.?\/)+/, '');
    const station: Station = {
      path: `${outer}${ARCHIVE_MARK}${name}`,
      inside: inside === undefined ? name : `${inside}${ARCHIVE_MARK}${name}`,
      level: wrapped && !wrapper ? level : level + 1,
      budget,
    };
    if (sourceOf) station.sourceOf = sourceOf;
    if (wrapped) station.wrapper = { path: outer, inside };
    return station;
  }

  #notRead(path: string, error: string): void {
    countSkipped(this.#ledger, `in a ${this.#what}: ${error}`, 0);
    if (this.#unread++ < MOST_UNREAD)
      this.#problem('nested-unread', `This was not wholly read: ${error}.`, path);
  }

  #sayUnread(): void {
    if (this.#unread <= MOST_UNREAD) return;
    const more = (this.#unread - MOST_UNREAD).toLocaleString('en');
    this.#problem('nested-unread', `${more} more in this ${this.#what} were not wholly read.`);
  }

  /** Takes from what may still be unpacked; false, and a word in the report, where nothing is left. */
  #spend(bytes: number): boolean {
    const { budget } = this.#station;
    budget.left -= bytes;
    if (budget.left > 0) return true;
    this.#stopped = true;
    if (!budget.told) {
      budget.told = true;
      countSkipped(this.#ledger, 'unpacks to too much', 0);
      this.#problem(
        'nested-ratio',
        `This unpacks to more than ${NESTED_RATIO} times its size; reading it stopped there.`,
      );
    }
    return false;
  }

  #problem(code: string, message: string, member?: string): void {
    const { path } = this.#station;
    const where = member === undefined ? path : `${path}${ARCHIVE_MARK}${member}`;
    this.#sink.problem({ code, message, path: where });
  }
}
