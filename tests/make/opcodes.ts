/**
 * `npm run opcodes`: asks every interpreter found for its opcodes and writes them as compact data to
 * `src/engine/python/opcodes.json`. Versions that are not found keep what the file holds; those that have no
 * interpreter are derived from their successors.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { findInterpreters } from './interpreters.ts';
import { addEffects, olderRows, type OpcodeRow } from './older-opcodes.ts';

const FILE = 'src/engine/python/opcodes.json';

const DUMP = `
import dis, json, opcode, sys
out = []
has = getattr(opcode, 'hasarg', None)
caches = getattr(opcode, '_inline_cache_entries', {})
pypy = hasattr(sys, 'pypy_version_info')
letters = [('c', 'hasconst'), ('n', 'hasname'), ('l', 'haslocal'), ('f', 'hasfree'), ('r', 'hasjrel'), ('a', 'hasjabs'), ('m', 'hascompare')]
for name, number in opcode.opmap.items():
    if number > 255 or name.startswith('INSTRUMENTED_') or name in ('RESERVED', 'ENTER_EXECUTOR', 'TRACE_RECORD'):
        continue
    arg = number in has if has is not None else number >= opcode.HAVE_ARGUMENT
    effects = []
    for value in range(0, 6):
        try:
            if pypy or sys.version_info < (3, 6):
                raise ValueError
            elif sys.version_info >= (3, 8):
                effects.append(dis.stack_effect(number, value if arg else None, jump=False))
            else:
                effects.append(dis.stack_effect(number, value if arg else None))
        except ValueError:
            effects.append(None)
    if hasattr(caches, 'get'):
        cache = caches.get(name, 0)
    else:
        cache = caches[number] if number < len(caches) else 0
    kinds = ''.join(letter for letter, attribute in letters if number in getattr(opcode, attribute, ()))
    out.append([name, number, cache, effects, kinds + ('x' if arg else '')])
def names(attribute):
    found = getattr(opcode, attribute, None)
    if found is None:
        return []
    plain = attribute != '_common_constants'
    return [x[1] if isinstance(x, tuple) else x if plain and isinstance(x, str) else getattr(x, '__name__', None) or repr(x) for x in found]
print(json.dumps({"have": opcode.HAVE_ARGUMENT, "ops": out, "compare": list(opcode.cmp_op), "binary": names('_nb_ops'),
  "intrinsic1": names('_intrinsic_1_descs'), "intrinsic2": names('_intrinsic_2_descs'),
  "special": names('_special_method_names'), "common": names('_common_constants')}))
`;

interface Dump extends Lists {
  have: number;
  ops: [name: string, number: number, cache: number, effects: (number | null)[], kinds: string][];
}

/** What arguments that are numbers stand for. */
interface Lists {
  compare: string[];
  binary: string[];
  intrinsic1: string[];
  intrinsic2: string[];
  special: string[];
  common: string[];
}
type Row = { have: number; ops: string } & Partial<Record<keyof Lists, string>>;
/** A row of its own, or one that differs from another. */
type Table = Record<string, Row | { like: string; without: string; ops: string }>;
const LISTS = ['compare', 'binary', 'intrinsic1', 'intrinsic2', 'special', 'common'] as const;

function effectOf(effects: (number | null)[]): string {
  const [zero, one] = effects;
  if (zero === null || zero === undefined || one === null || one === undefined) return '';
  const step = one - zero;
  if (!effects.every((value, i) => value === zero + step * i)) return '';
  return step === 0 ? `${zero}` : `${zero},${step}`;
}

function parse(ops: string): OpcodeRow[] {
  return ops.split(';').map((text) => {
    const [name = '', number = '', caches = '', effect = '', kinds = ''] = text.split(' ');
    return { name, number: Number(number), caches: Number(caches), effect, kinds };
  });
}

function format(rows: OpcodeRow[]): string {
  return rows
    .map(({ name, number, caches, effect, kinds }) =>
      [name, number, caches || '', effect, kinds].join(' ').trimEnd(),
    )
    .join(';');
}

/** Writes the table; prints what it wrote. */
export async function main(): Promise<void> {
  let table: Table = {};
  try {
    table = JSON.parse(readFileSync(FILE, 'utf8')) as Table;
  } catch {
    // the first run
  }
  for (const interpreter of await findInterpreters()) {
    const dump = JSON.parse(await interpreter.run(DUMP)) as Dump;
    const rows = dump.ops
      .sort((a, b) => a[1] - b[1])
      .map(([name, number, caches, effects, kinds]): OpcodeRow => ({
        name,
        number,
        caches,
        effect: effectOf(effects),
        kinds,
      }));
    const row: Row = { have: dump.have, ops: format(rows) };
    for (const list of LISTS) if (dump[list].length > 0) row[list] = dump[list].join(',');
    table[interpreter.name] = row;
    console.log(`${interpreter.name}: ${dump.ops.length} opcodes`);
  }
  const own = Object.entries(table).filter(([, row]) => 'have' in row);
  const rows = new Map(own.map(([name, { ops }]) => [name, parse(ops)]));
  addEffects(rows);
  for (const [name, row] of own) row.ops = format(rows.get(name) ?? []);
  for (const { version, like, without, rows: added } of olderRows()) {
    table[version] = { like, without, ops: format(added) };
  }
  const sorted = Object.entries(table).sort(([a], [b]) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(sorted), null, 1)}\n`);
}
