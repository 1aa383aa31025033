/** Hits of the prefilter on names, calls and commands: what they name is judged by its name. */
import { charactersOf } from '../archive/plain-text.ts';
import { bytesText } from '../python/values.ts';
import { base64Text } from './base64-text.ts';
import { accountEntries, namesAccountMap } from './account-maps.ts';
import { commandSecrets } from './command-lines.ts';
import { characterClasses, isDrawn, looksRandom } from './entropy.ts';
import type { Detection, NamedValue } from './finding.ts';
import type { FoundInFile } from './found-in-file.ts';
import { isAppPassword } from './google-app-password.ts';
import { judgeHash, judgeNamed } from './judge.ts';
import { countedText } from './counted-text.ts';
import { joinedText } from './joined-text.ts';
import { keyArgument } from './key-calls.ts';
import { inHereDocument, mayHoldDocuments } from './here-document.ts';
import {
  amongTexts,
  isAmong,
  isVariable,
  itemsOf,
  LIST_REACH,
  listedKind,
  listedTexts,
  mayList,
} from './list-text.ts';
import { bindsInBinary, endsCell, nameEndAt, nameHit, type NameHit } from './name-hits.ts';
import { isNameCode, type NamedText, namedTextAt } from './named-text.ts';
import { secretKind } from './names.ts';
import { neighbourNames } from './neighbours.ts';
import { mayPair, PAIR_REACH, pairedTextAt } from './paired-text.ts';
import { isConnection, isWrittenOut, programString } from './program-strings.ts';
import { isLdif, spelledOut, spellingIn } from './spelling.ts';
import { settingName } from './setting-names.ts';
import type { RowValue } from './table-rows.ts';
import { namesAccounts } from './telling-values.ts';
import { valueBefore } from './value-before.ts';
import { mayBeWords, mayHoldWords, readsAsChosen } from './word-passwords.ts';
import { LINE_AFTER, LINE_SOON, windowAround } from './text-windows.ts';

const COMMAND_REACH = 1024; // bytes of a command's words
const BINARY_VALUE = 512; // the longest value in binary data
const NEIGHBOURHOOD = 400; // bytes before a name in which its provider may be named
const CALL_REACH = 512;
const ADDRESS_REACH = 256;
/** An address up to its parameters; Google's documents have keys that open nothing. */
const ADDRESS = /:\/\/(?!docs\.google\.)[^\s"'<>]*$/;
/** Calls that bind their second argument to their first. */
const SETS = /\b(?:setProperty|put|putString|setAttribute|addProperty|set)\(\s{0,8}["'`]$/;

/** Reads and judges named values of one file at a time; `at` counts from the window's first byte. */
export class NamedHits {
  #found: FoundInFile;
  #inside: (text: string) => Detection[];
  /** Whether a name stood before a tag, or in a row that is drawn in text. */
  inCell = false;
  #script = false;
  #nameEnd = -1;
  #lastAt = -1; // where the last value that was judged a secret begins

  /** `inside` finds secrets by their form in a text that was put together. */
  constructor(found: FoundInFile, inside: (text: string) => Detection[]) {
    this.#found = found;
    this.#inside = inside;
  }

  begin(): void {
    this.inCell = false;
    this.#script = mayHoldDocuments(this.#found.file.path);
    this.#nameEnd = -1;
    this.#lastAt = -1;
  }

  /** Says that the window's first bytes are gone. */
  drop(bytes: number): void {
    this.#nameEnd -= bytes;
    this.#lastAt -= bytes;
  }

  /** A part of a name that may announce a secret. */
  name(bytes: Uint8Array, found: number): void {
    if (found < this.#nameEnd) return;
    // What stands before a short name is a part of what announces it.
    const at = isNameCode(bytes[found] as number) ? found : found + 1;
    const end = nameEndAt(bytes, at);
    if (this.#found.binary && !bindsInBinary(bytes, end)) return;
    const hit = nameHit(bytes, at, end);
    this.#nameEnd = end;
    if (!hit) return;
    if (this.#found.binary) this.#binaryName(bytes, hit);
    else this.#boundName(bytes, hit);
  }

  #boundName(bytes: Uint8Array, hit: NameHit): void {
    const { vendor } = this.#found.file;
    const settings =
      this.#found.file.settings || (this.#script && inHereDocument(bytes, hit.start));
    if (!vendor && !this.inCell) this.inCell = endsCell(bytes, hit.end);
    if (isAmong(bytes, hit.end)) {
      this.#among(bytes, hit);
      return;
    }
    // `[user, password] = [` binds each to its own.
    const targets = bytes[hit.end] === 0x5d && bytes[hit.start - 1] !== 0x3a;
    if (
      !targets &&
      mayList(bytes, hit.end) &&
      (this.#accounts(bytes, hit) || this.#listed(bytes, hit))
    )
      return;
    let { window, start } = windowAround(bytes, hit, LINE_SOON, settings);
    let found = namedTextAt(window, hit.start - start);
    // Few values go on beyond a short window; those are read again in a long one.
    const ends = found ? found.valueStart + found.value.length : 0;
    if (window.cut || ends >= window.text.length) {
      ({ window, start } = windowAround(bytes, hit, LINE_AFTER, settings));
      found = namedTextAt(window, hit.start - start);
      // Names within a long value that is not in quotes are parts of it.
      if (!found?.exact || found.spelling === 'plain') this.#nameEnd = hit.end + LINE_SOON;
    }
    found ??= countedText(window.text, hit.start - start, hit.end - start);
    // What stands bare behind `"…" == password` is no value of its.
    if (!found?.exact) found = valueBefore(window.text, hit.start - start, hit.name) ?? found;
    found ??= this.#paired(bytes, hit, start);
    if (!found) return;
    this.#bound(bytes, hit, start, found, window.text);
  }

  /** Judges a value by its name, or by its form where it is not written in one piece or as it is. */
  #bound(bytes: Uint8Array, hit: NameHit, start: number, found: NamedText, window: string): void {
    const joined = joinedText(window, found);
    const from = start + found.valueStart;
    const pieces = joined?.pieces ?? [
      { start: found.valueStart, end: found.valueStart + found.value.length },
    ];
    const length = (pieces.at(-1)?.end ?? 0) - found.valueStart;
    const raw = bytesText(bytes.subarray(from, from + length));
    // What a name does not say alone has been read by a better one.
    if (from === this.#lastAt && !secretKind(found.name)) return;
    const between = window.slice(found.nameStart + found.name.length, found.valueStart);
    const { path } = this.#found.file;
    const written = pieces
      .map((one) => bytesText(bytes.subarray(start + one.start, start + one.end)))
      .map((text) => spelledOut(text, spellingIn(path, found.spelling)))
      .join(joined?.glue ?? '');
    const coded = /^::[ \t]/.test(between) && isLdif(path) ? base64Text(written) : undefined;
    const value = coded ?? written;
    if (joined || /\\(?:[ux]|\r?\n)/.test(raw)) {
      const inner = this.#inside(value);
      for (const detection of inner) {
        detection.why.push(`bound to the name ${found.name}`, 'written in pieces or escapes');
        this.#found.add({ ...detection, written: raw, name: found.name }, from, length, true);
      }
      if (inner.length > 0) return;
    }
    if (namesAccounts(found.name) && value.includes(',')) {
      for (const { 0: login, index } of raw.matchAll(/[^\s,;]{6,256}/g)) {
        const named = { name: found.name, value: login, where: '', context: [], exact: true };
        const at = from + utf8Length(raw.slice(0, index));
        this.judge(at, utf8Length(login), { ...named, listed: true });
      }
      return;
    }
    if (value.includes(',') && isVariable(found.name) && listedKind(found.name)) {
      this.#items(found.name, raw, from);
      return;
    }
    const before = window.slice(Math.max(0, found.nameStart - 32), found.nameStart);
    this.judge(from, length, {
      name: mayBeWords(value)
        ? settingName(found.name, bytes, start + found.nameStart)
        : found.name,
      value,
      where: joined ? 'joined from its pieces' : '',
      context: this.#context(bytes, hit, value),
      exact: found.exact,
      written: raw,
      ...(coded !== undefined && { coded: 'in base64, which hides nothing' }),
      ...(found.connection && { connection: true }),
      ...(/^["'`]\s*,/.test(between) && !SETS.test(before) && { beside: true }),
    });
  }

  /** Judges each of what a variable lists in one value. */
  #items(list: string, raw: string, from: number): void {
    const called = listedKind(list);
    for (const { owner, value, at: inner } of itemsOf(raw)) {
      const name = owner === undefined ? list : `${list}.${owner}`;
      const at = from + utf8Length(raw.slice(0, inner));
      const named: NamedValue = { name, value, where: '', context: [], exact: true, listed: true };
      this.judge(at, utf8Length(value), { ...named, ...(called && { called }) });
    }
  }

  /** A value in a row of a table in the text. */
  row({ name, value, written, at, length, hash, context }: RowValue): void {
    if (this.#found.capped) return;
    const from = at - this.#found.bytesBefore;
    const { path, code } = this.#found.file;
    if (hash) {
      const judged = judgeHash(value, name.where, this.#found.file);
      if (judged) this.#found.add({ ...judged, name: name.name, written }, from, length, true);
      return;
    }
    // In a program's string what stands between quotes may be a piece of the program.
    const exact = !code || /\.sql$/i.test(path);
    const named = { ...name, value, context: [...context, path], exact, written };
    this.judge(from, length, named);
  }

  /** Judges the passwords of a map of users; false where none stands behind the name. */
  #accounts(bytes: Uint8Array, hit: NameHit): boolean {
    if (!namesAccountMap(hit.name)) return false;
    const text = charactersOf(bytes, hit.end, Math.min(bytes.length, hit.end + LIST_REACH));
    const entries = accountEntries(hit.name, text, this.#found.file);
    for (const { user, value: written, at } of entries) {
      const from = hit.end + at;
      const value = bytesText(bytes.subarray(from, from + written.length));
      const where = `as the password of the user ${user}`;
      const context = [this.#found.file.path];
      const name = `${hit.name}.${user}`;
      this.judge(from, written.length, {
        name,
        value,
        where,
        context,
        exact: true,
        called: 'password',
      });
    }
    return entries.length > 0;
  }

  /** Judges what a name is looked for among: in code, where only what is made as secrets are counts. */
  #among(bytes: Uint8Array, { name, end }: NameHit): void {
    const text = charactersOf(bytes, end, Math.min(bytes.length, end + LIST_REACH));
    for (const { key, value: written, valueStart, spelling } of amongTexts(text)) {
      const at = end + valueStart;
      const raw = bytesText(bytes.subarray(at, at + written.length));
      const value = spelledOut(raw, spelling);
      if (key !== undefined || !(looksRandom(value) || isMixed(value))) continue;
      const context = [this.#found.file.path];
      this.judge(at, written.length, {
        name,
        value,
        where: '',
        context,
        exact: true,
        written: raw,
      });
    }
  }

  /** Judges the values of a list behind a name; false where none stands there. */
  #listed(bytes: Uint8Array, hit: NameHit): boolean {
    const text = charactersOf(bytes, hit.end, Math.min(bytes.length, hit.end + LIST_REACH));
    const items = listedTexts(text, 0, this.#found.file.settings);
    let read = false;
    for (const { key, value: written, valueStart, spelling } of items) {
      const at = hit.end + valueStart;
      const raw = bytesText(bytes.subarray(at, at + written.length));
      const value = spelledOut(raw, spelling);
      // A map lists values only under a plural's name; else it describes one.
      if (key !== undefined && !((looksRandom(value) || isMixed(value)) && listedKind(hit.name)))
        continue;
      const name = key === undefined ? hit.name : `${hit.name}.${key}`;
      const context = this.#context(bytes, hit, value);
      const where = '';
      const named: NamedValue = { name, value, where, context, exact: true, written: raw };
      this.judge(at, written.length, { ...named, listed: true });
      read = true;
    }
    return read;
  }

  /** What stands around a name, for values that only their provider's name makes out. */
  #context(bytes: Uint8Array, hit: NameHit, value: string): string[] {
    const alone = value.length < 20 || !looksRandom(value);
    if (alone && !isAppPassword(value)) return [this.#found.file.path];
    const before = charactersOf(bytes, Math.max(0, hit.start - NEIGHBOURHOOD), hit.start);
    return [...neighbourNames(before), this.#found.file.path];
  }

  /** Judges a value of `length` bytes by what names it. */
  judge(at: number, length: number, named: NamedValue, strong = false): void {
    const detection = judgeNamed(named, this.#found.file);
    if (!detection) return;
    // Tokens behind a scheme, as in `Bearer …`, are found where they stand.
    const raw = named.written ?? named.value;
    if (!raw.includes(detection.value)) detection.written ??= raw;
    this.#lastAt = at;
    const inner = Math.max(0, raw.lastIndexOf(detection.written ?? detection.value));
    this.#found.add(detection, at + utf8Length(raw.slice(0, inner)), length - inner, strong);
  }

  #paired(bytes: Uint8Array, hit: NameHit, start: number): NamedText | undefined {
    if (!mayPair(bytes, hit.start, hit.end)) return undefined;
    const from = Math.max(0, hit.start - PAIR_REACH);
    const text = charactersOf(bytes, from, Math.min(bytes.length, hit.end + PAIR_REACH));
    const pair = pairedTextAt(text, hit.start - from);
    return pair && { ...pair, valueStart: pair.valueStart + from - start };
  }

  /** `NAME=value`, `"name":"value"` and headers among binary data; only what looks drawn at random counts. */
  #binaryName(bytes: Uint8Array, { name, start, end }: NameHit): void {
    if (this.#string(bytes, start, end)) return;
    const separator = /^(?:=|":[ ]?"|:[ ](?:Bearer[ ])?)/.exec(
      charactersOf(bytes, end, Math.min(bytes.length, end + 9)),
    );
    // A header's name has a hyphen; other words before a colon are prose.
    if (!separator || (separator[0] === ': ' && !name.includes('-'))) return;
    const from = end + separator[0].length;
    const most = Math.min(bytes.length, from + BINARY_VALUE);
    let to = from;
    while (to < most && isValueByte(bytes[to] as number)) to++;
    if (to === most) return;
    const value = charactersOf(bytes, from, to);
    // A string of its own, as programs keep their environment.
    const whole = bytes[to] === (separator[0] === '=' ? 0 : 0x22);
    const alone = whole && secretKind(name) === 'password';
    const chosen =
      alone && value.length >= 8 && characterClasses(value) >= 3 && /^[^%]*\d/.test(value);
    if (!chosen && (value.length < 20 || !looksRandom(value))) return;
    const where = 'among binary data';
    this.judge(from, value.length, {
      name: separator[0].endsWith('Bearer ') ? 'bearer_token' : name,
      value,
      where,
      context: [this.#found.file.path],
      exact: true,
    });
  }

  /** A call or a command in a string of a program. */
  inProgram(bytes: Uint8Array, at: number): void {
    if (at >= this.#nameEnd) this.#string(bytes, at, at);
  }

  /** Secrets in the string of a program around `[start, end)`; false where there is none. */
  #string(bytes: Uint8Array, start: number, end: number): boolean {
    const string = programString(bytes, start, end);
    if (!string) return false;
    const { text, from } = string;
    const connection = isConnection(text);
    if (!connection && !mayHoldWords(this.#found.file)) return false;
    const found = this.#inside(text).filter((one) => connection || isWrittenOut(one));
    for (const detection of found) {
      const inner = text.indexOf(detection.written ?? detection.value);
      if (inner < 0) continue;
      detection.why.push('in a string among binary data');
      this.#found.add(detection, from + inner, (detection.written ?? detection.value).length, true);
    }
    if (!connection && found.length === 0) return false;
    this.#nameEnd = from + text.length;
    return true;
  }

  /** `hmac.new(b"…")`, `jwt.encode(payload, "…")`. */
  call(bytes: Uint8Array, at: number): void {
    const reach = bytes.subarray(at, Math.min(bytes.length, at + CALL_REACH));
    const nul = reach.indexOf(0);
    const text = charactersOf(reach, 0, nul < 0 ? reach.length : nul);
    const key = keyArgument(text);
    if (!key) return;
    const from = at + key.start;
    const raw = bytesText(bytes.subarray(from, from + key.value.length));
    // A name says more than a call that takes other things as well.
    if (key.drawn && (from === this.#lastAt || !isDrawn(raw))) return;
    if (key.address && !ADDRESS.test(charactersOf(bytes, Math.max(0, at - ADDRESS_REACH), at)))
      return;
    const hit = { name: key.name, start: at, end: from };
    const named = {
      name: key.name,
      value: raw,
      where: 'an argument in a call',
      // The address before a password says whose mailbox it opens.
      context: isAppPassword(raw) ? [text.slice(0, key.start)] : this.#context(bytes, hit, raw),
      ...(key.kind && { called: key.kind }),
    };
    this.judge(from, key.value.length, { ...named, exact: true });
  }

  /** A command that takes secrets as arguments. */
  command(bytes: Uint8Array, at: number, command: string): void {
    const from = Math.max(0, at - COMMAND_REACH);
    const text = charactersOf(bytes, from, Math.min(bytes.length, at + COMMAND_REACH));
    for (const { name, value, start, kind } of commandSecrets(text, at - from, command)) {
      const raw = bytesText(bytes.subarray(from + start, from + start + value.length));
      const where = 'given to a command in clear';
      const named: NamedValue = { name, value: raw, where, context: [], exact: true };
      // In others' files such a word is an example, unless it looks drawn at random; in code it may be a variable.
      const { vendor, code, config } = this.#found.file;
      if (vendor && !isDrawn(raw)) continue;
      if (code && !config && !isDrawn(raw) && !isMixed(raw) && !readsAsChosen(raw)) continue;
      this.judge(from + start, value.length, { ...named, kind });
    }
  }
}

/** Whether a word is written as a password is, and not as a name or a format of code. */
function isMixed(word: string): boolean {
  return word.length >= 8 && /\d/.test(word) && characterClasses(word) >= 3;
}

/** A byte of a value in binary data: printable, and no quote. */
function isValueByte(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x27 && byte !== 0x3b;
}

function utf8Length(text: string): number {
  return text === '' ? 0 : new TextEncoder().encode(text).length;
}
