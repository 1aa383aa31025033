/** Bindings against the facts of the syntax tree: how many are found, are true, and have the right line. */
import type { Binding } from '../../src/engine/python/binding.ts';

/** One fact of `oracle.py`. */
export type OracleFact = [
  kind: string,
  name: string,
  value: string,
  first: number,
  last: number,
  spread: boolean,
  required: boolean,
];

/** Found and missed facts of one kind. */
export interface KindFigures {
  expected: number;
  found: number;
}

/** Kinds that a syntax tree can tell. */
export const KINDS = [
  ...['default-argument', 'keyword-argument', 'variable', 'attribute', 'subscript', 'dict-value'],
  ...['comparison', 'argument', 'returned'],
] as const;

/** Sums over modules. */
export class FactScore {
  #expected = 0;
  #found = 0;
  #reported = 0;
  #true = 0;
  #lined = 0;
  #lineRight = 0;
  #kinds = new Map<string, KindFigures>();
  #missed = new Map<string, string[]>();
  #false = new Map<string, string[]>();
  #offLine: string[] = [];

  /** One module: facts are sets of (kind, name, value). */
  add(file: string, facts: readonly OracleFact[], bindings: readonly Binding[]): void {
    const ours = new Map<string, Set<number>>();
    const report = (kind: string, name: string, { value, line }: Binding): void => {
      if (!(KINDS as readonly string[]).includes(kind)) return;
      const key = `${kind}\0${name}\0${value}`;
      const lines = ours.get(key);
      if (lines) lines.add(line);
      else ours.set(key, new Set([line]));
    };
    for (const binding of bindings) {
      report(binding.kind, binding.name, binding);
      for (const other of binding.others) report(other.kind, other.name, binding);
    }
    const theirs = new Map<string, OracleFact[]>();
    for (const fact of facts) {
      const key = `${fact[0]}\0${fact[1]}\0${fact[2]}`;
      const list = theirs.get(key);
      if (list) list.push(fact);
      else theirs.set(key, [fact]);
    }
    for (const [key, list] of theirs) {
      const kind = key.slice(0, key.indexOf('\0'));
      const lines = ours.get(key);
      const required = list.some((fact) => fact[6]);
      if (required) this.#count(kind, lines !== undefined, file, key, list);
      if (!lines || list.some((fact) => fact[5] || fact[3] < 0)) continue;
      this.#lined++;
      const right = list.some(([, , , first, last]) =>
        [...lines].some((line) => line >= first && line <= last),
      );
      if (right) this.#lineRight++;
      else
        this.#offLine.push(`${file}:${list[0]?.[3] ?? 0} not ${[...lines].join()} ${shown(key)}`);
    }
    for (const key of ours.keys()) {
      const known = theirs.get(key);
      // What only some compilers make counts neither way.
      if (known && !known.some((fact) => fact[6])) continue;
      this.#reported++;
      if (known) this.#true++;
      else add(this.#false, key, file);
    }
  }

  #count(kind: string, found: boolean, file: string, key: string, list: OracleFact[]): void {
    const figures = this.#kinds.get(kind) ?? { expected: 0, found: 0 };
    this.#kinds.set(kind, figures);
    figures.expected++;
    this.#expected++;
    if (found) {
      figures.found++;
      this.#found++;
    } else add(this.#missed, key, `${file}:${list[0]?.[3] ?? 0}`);
  }

  figures(): {
    facts: number;
    recall: number;
    precision: number;
    lines: number;
    kinds: ReadonlyMap<string, KindFigures>;
  } {
    return {
      facts: this.#expected,
      recall: this.#found / Math.max(1, this.#expected),
      precision: this.#true / Math.max(1, this.#reported),
      lines: this.#lineRight / Math.max(1, this.#lined),
      kinds: this.#kinds,
    };
  }

  /** Examples of what went wrong, by kind. */
  print(): void {
    for (const [title, map] of [
      ['missed', this.#missed],
      ['false', this.#false],
    ] as const) {
      for (const [kind, examples] of map) {
        console.log(`${title} ${kind}: ${examples.length}`);
        const step = Math.max(1, Math.floor(examples.length / 12));
        for (let i = 0; i < examples.length; i += step) console.log(`   ${examples[i] ?? ''}`);
      }
    }
    console.log(`lines: ${this.#offLine.length}`);
    const step = Math.max(1, Math.floor(this.#offLine.length / 12));
    for (let i = 0; i < this.#offLine.length; i += step)
      console.log(`   ${this.#offLine[i] ?? ''}`);
  }
}

function add(map: Map<string, string[]>, key: string, where: string): void {
  const kind = key.slice(0, key.indexOf('\0'));
  const list = map.get(kind) ?? [];
  map.set(kind, list);
  list.push(`${where} ${shown(key)}`);
}

const shown = (key: string): string => JSON.stringify(key.split('\0').slice(1)).slice(0, 150);
