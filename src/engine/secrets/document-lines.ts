/**
 * The lines of documents, as a reader of them sees them: of markup (HTML, and the XML in office documents: ECMA-376
 * and OpenDocument), of Rich Text Format (Microsoft's specification 1.9.1), of mail in quoted-printable (RFC 2045),
 * and of tables drawn in text. Rows of tables become lines of a column's name and its value.
 */
import { bytesText } from '../python/values.ts';
import type { FileReader, ReadValue } from './file-readers.ts';
import { spelledOut } from './spelling.ts';
import { TableColumns } from './table-columns.ts';

const MOST_LINES = 100_000; // of one document
const LONGEST_CELL = 512; // characters

/** A stretch of the source's text, and what it reads as. */
interface Piece {
  text: string;
  from: number;
  to: number;
}

const words = (text: string): Set<string> => new Set(text.split(' '));
/** Elements by what they are, in all of the vocabularies at once. */
const CELLS = words('td th dt dd w:tc a:tc table:table-cell c');
const ROWS = words('tr w:tr a:tr table:table-row row dl');
const TABLES = words('table w:tbl a:tbl table:table sheetdata');
const LINES = words(
  'p br li div pre h1 h2 h3 h4 h5 h6 title body w:p w:br a:p a:br text:p text:h text:line-break',
);
const BLANKS = words('w:tab text:tab text:s');
const UNREAD = words('script style');
const TAG = /<([/!?]?[\w:.-]*)(?:(?![\w:.-])[^<>]*)?>|[^<]+|</g;

/** Gathers lines, cells and rows; its results are texts to be looked into. */
class Lines {
  readonly found: ReadValue[] = [];
  readonly #where: string;
  #line: Piece | undefined;
  #row: Piece[] = [];
  #columns: TableColumns | undefined;
  #inCell = false;

  constructor(where: string) {
    this.#where = where;
  }

  /** A text that stands at `[from, to)` of the source. */
  add(text: string, from: number, to: number): void {
    this.#line ??= { text: '', from, to };
    this.#line.text += text;
    this.#line.to = to;
  }

  endLine(at: number): void {
    if (this.#inCell) this.add(' ', at, at);
    else this.#tell(this.#line);
    if (!this.#inCell) this.#line = undefined;
  }

  /** A paragraph that is in no cell ends the table before it. */
  endParagraph(at: number): void {
    if (this.#inCell) this.endLine(at);
    else this.endTable(at);
  }

  beginCell(at: number): void {
    this.endCell(at);
    this.#inCell = false;
    this.endLine(at);
    this.#inCell = true;
  }

  endCell(at: number): void {
    if (!this.#inCell) return;
    this.#inCell = false;
    this.#row.push(this.#line ?? { text: '', from: at, to: at });
    this.#line = undefined;
  }

  /** `heads` says that the row names the columns of what follows. */
  endRow(at: number, heads = this.#columns === undefined): void {
    this.endCell(at);
    const row = this.#row;
    this.#row = [];
    for (const cell of row) this.#tell(cell);
    if (row.length < 2) return;
    const names = row.map(({ text }) => nameIn(text));
    if (row.length === 2) this.#pair(names[0] ?? '', row[1]);
    if (heads) this.#columns = new TableColumns('', names);
    else if (this.#columns?.telling) this.#named(this.#columns, row, names);
  }

  endTable(at: number): void {
    this.endRow(at);
    this.endLine(at);
    this.#columns = undefined;
  }

  #named(columns: TableColumns, row: readonly Piece[], keys: readonly string[]): void {
    row.forEach((cell, column) => {
      if (columns.mayName(column))
        this.#pair(columns.nameOf(column, keys[columns.keyColumn]).name, cell);
    });
  }

  #pair(name: string, value: Piece | undefined): void {
    const text = value?.text.trim().replace(/^[`*]+|[`*]+$/g, '') ?? '';
    if (value && name !== '' && /^\S{4,512}$/.test(text))
      this.#tell({ ...value, text: `${name}: ${text}` });
  }

  #tell(line: Piece | undefined): void {
    if (!line || this.found.length >= MOST_LINES || line.text.trim().length < 4) return;
    const { text, from, to } = line;
    const value = text.replace(/\s+/g, ' ');
    this.found.push({
      name: '',
      at: from,
      length: to - from,
      value,
      text: true,
      where: this.#where,
    });
  }
}

/** `API key:` as a name of one word. */
function nameIn(text: string): string {
  if (text.length > LONGEST_CELL) return '';
  return text
    .replace(/[`*:\\]/g, '')
    .trim()
    .replace(/\s+/g, '_');
}

function utf8(text: string): string {
  return bytesText(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
}

/** The lines of markup. */
function readMarkup(text: string): ReadValue[] {
  const lines = new Lines('in a document');
  let unread = false;
  for (const { 0: piece, 1: tag, index } of text.matchAll(TAG)) {
    const end = index + piece.length;
    if (tag === undefined) {
      if (!unread) lines.add(spelledOut(utf8(piece), 'entities'), index, end);
      continue;
    }
    const closes = tag.startsWith('/');
    const name = tag.replace('/', '').toLowerCase();
    if (UNREAD.has(name)) unread = !closes;
    else if (CELLS.has(name)) {
      if (closes) lines.endCell(index);
      else lines.beginCell(end);
    } else if (ROWS.has(name) || TABLES.has(name)) lines.endRow(index);
    else if (LINES.has(name)) lines.endLine(index);
    else if (BLANKS.has(name)) lines.add(' ', index, index);
    if (TABLES.has(name) || (name === 'dd' && closes)) lines.endTable(index);
  }
  lines.endTable(text.length);
  return lines.found;
}

/** With two hyphens side by side behind its first sign, the line below a table's head. */
const RULED = /^[ \t]*[-+|:=][-+|:= \t]*$/;

function isRule(line: string): boolean {
  return RULED.test(line) && line.trimStart().slice(1).includes('--');
}

/** The rows of tables in text: Markdown's, and those that clients of databases draw. */
function readDrawnTables(text: string): ReadValue[] {
  const lines = new Lines('in a table');
  let at = 0;
  let head: (() => void) | undefined;
  for (const line of text.split('\n')) {
    const start = at;
    at += line.length + 1;
    const row = (heads: boolean): void => {
      let from = start;
      for (const cell of line.replace(/\|\s*$/, '').split('|')) {
        if (from > start || cell.trim() !== '') {
          lines.beginCell(from);
          lines.add(utf8(cell), from, from + cell.length);
        }
        from += cell.length + 1;
      }
      lines.endRow(start, heads);
    };
    if (isRule(line)) {
      head?.();
      head = undefined;
    } else if (!line.includes('|')) lines.endTable(start);
    else {
      // Only the rule below a row tells that it is the head.
      row(false);
      head = () => row(true);
    }
  }
  lines.endTable(text.length);
  return lines.found;
}

const RTF =
  /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\/gi;
const RTF_UNREAD = words('fonttbl colortbl stylesheet info pict object themedata datastore');

/** The lines of Rich Text Format. */
function readRichText(text: string): ReadValue[] {
  const lines = new Lines('in a document');
  let depth = 0;
  let unread = Infinity; // the depth of a group that holds no text
  let passed = 0; // characters that stand for those of Unicode before them
  for (const match of text.matchAll(RTF)) {
    const { 0: whole, 1: word, 2: number, 3: code, 4: sign, 5: brace, 6: plain, index } = match;
    if (brace === '{') depth++;
    else if (brace === '}' && depth-- <= unread) unread = Infinity;
    if (sign === '*' || (word !== undefined && RTF_UNREAD.has(word)))
      unread = Math.min(unread, depth);
    if (depth >= unread) continue;
    const end = index + whole.length;
    const character = code === undefined ? sign : String.fromCharCode(parseInt(code, 16));
    if (word === 'line') lines.endLine(index);
    else if (word === 'par') lines.endParagraph(index);
    else if (word === 'tab') lines.add(' ', index, end);
    else if (word === 'intbl') lines.beginCell(end);
    else if (word === 'cell') {
      lines.endCell(index);
      lines.beginCell(end);
    } else if (word === 'row') lines.endRow(index);
    else if (word === 'u') {
      lines.add(String.fromCharCode(Number(number) & 0xffff), index, end);
      passed = 1;
    } else if (plain !== undefined || character !== undefined) {
      lines.add((plain ?? character ?? '').slice(passed), index, end);
      passed = 0;
    }
  }
  lines.endTable(text.length);
  return lines.found;
}

const QUOTED = /^content-transfer-encoding:[ \t]*quoted-printable/gim;

/** The lines of mail that stand there in quoted-printable. */
function readQuotedPrintable(text: string): ReadValue[] {
  const lines = new Lines('in quoted-printable');
  let done = 0;
  for (const { index } of text.matchAll(QUOTED)) {
    if (index < done) continue;
    const blank = /\r?\n\r?\n/g;
    blank.lastIndex = index;
    let at = blank.test(text) ? blank.lastIndex : text.length;
    while (at < text.length) {
      const next = text.indexOf('\n', at);
      const end = next < 0 ? text.length : next;
      const line = text.slice(at, end).trimEnd();
      // The end of a part, or of a message in a mailbox.
      if (/^(?:--\S|From )/.test(line)) break;
      const soft = line.endsWith('=');
      const written = soft ? line.slice(0, -1) : line;
      lines.add(utf8(written.replace(/=([0-9A-F]{2})/gi, byteOf)), at, end);
      at = end + 1;
      if (!soft) lines.endLine(end);
    }
    lines.endLine(at);
    done = at;
  }
  return lines.found;
}

function byteOf(_: string, hex: string): string {
  return String.fromCharCode(parseInt(hex, 16));
}

/** Documents by their paths and first bytes. */
export const DOCUMENT_READERS: readonly FileReader[] = [
  {
    path: /(^|\/)(word\/[\w-]{1,64}|ppt\/(slides|notesSlides)\/\w{1,64}|xl\/worksheets\/\w{1,64}|content)\.xml$/,
    read: readMarkup,
  },
  { triggers: ['{\\rtf1'], read: readRichText },
  {
    triggers: ['quoted-printable', 'Quoted-Printable', 'QUOTED-PRINTABLE'],
    read: readQuotedPrintable,
  },
];

/** For files in which a secret's name stands before a tag, or in a row that is drawn in text. */
export const CELL_READER: FileReader = {
  read: (text, _bytes, path) =>
    /\.(?:x?html?|xml)$/i.test(path) ? readMarkup(text) : readDrawnTables(text),
};
