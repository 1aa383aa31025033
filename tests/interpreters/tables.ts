/** The figures as a table on the terminal and in `docs/bytecode.md`, between its markers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { type KindFigures, KINDS } from './fact-score.ts';

/** The figures of one version. */
export interface Row {
  version: string;
  modules: number;
  codes: number;
  /** Instructions compared with `dis` line by line. */
  rows: number;
  /** What was decoded otherwise than the interpreter says. */
  wrong: string[];
  facts: number;
  recall: number;
  precision: number;
  lines: number;
  kinds: ReadonlyMap<string, KindFigures>;
}

const FILE = 'docs/bytecode.md';

const HEAD = [
  'version',
  'modules',
  'code objects',
  'decoded otherwise',
  'rows of `dis`',
  'facts',
  'recall',
  'precision',
  'lines',
];

const cells = (row: Row): string[] => [
  row.version.replace('pypy', 'PyPy '),
  counted(row.modules),
  counted(row.codes),
  counted(row.wrong.length),
  counted(row.rows),
  counted(row.facts),
  row.recall.toFixed(4),
  row.precision.toFixed(4),
  row.lines.toFixed(4),
];

const counted = (value: number): string => value.toLocaleString('en');

/** For the terminal. */
export function printTable(rows: readonly Row[]): void {
  for (const line of [HEAD, ...rows.map(cells)]) {
    console.log(line.map((cell, i) => (i === 0 ? cell.padEnd(9) : cell.padStart(18))).join(''));
  }
}

/** For the document: versions against figures, and versions against kinds. */
export function markdownTables(rows: readonly Row[], every: number): string {
  const table = (lines: string[][]): string => {
    const [head = [], ...body] = lines;
    const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
    return [head, rule, ...body].map((line) => `| ${line.join(' | ')} |`).join('\n');
  };
  const kinds = rows.map((row) => [
    row.version.replace('pypy', 'PyPy '),
    ...KINDS.map((kind) => {
      const figures = row.kinds.get(kind);
      if (!figures || figures.expected === 0) return '–';
      return `${((100 * figures.found) / figures.expected).toFixed(1)} % of ${counted(figures.expected)}`;
    }),
  ]);
  const of = every === 1 ? 'All modules' : `One module in ${every}`;
  return `${of} of each standard library.\n\n${table([HEAD, ...rows.map(cells)])}\n\n${table([['version', ...KINDS], ...kinds])}`;
}

/** Writes the tables between the document's markers. */
export function writeTables(tables: string): void {
  const text = readFileSync(FILE, 'utf8');
  const between = /(<!-- figures -->\n)[\s\S]*?(\n<!-- end of figures -->)/;
  writeFileSync(
    FILE,
    text.replace(between, (_, from: string, to: string) => from + tables + to),
  );
}
