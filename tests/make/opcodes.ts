/**
 * `npm run opcodes`: asks every interpreter found for its opcodes and writes them as compact data to
 * `src/engine/python/opcodes.json`. Versions that are not found keep what the file holds.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { findInterpreters } from './interpreters.ts';

const FILE = 'src/engine/python/opcodes.json';

const DUMP = `
import dis, json, opcode, sys
out = []
has = getattr(opcode, 'hasarg', None)
caches = getattr(opcode, '_inline_cache_entries', {})
pypy = hasattr(sys, 'pypy_version_info')
for name, number in opcode.opmap.items():
    if number > 255 or name.startswith('INSTRUMENTED_') or name in ('RESERVED', 'ENTER_EXECUTOR'):
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
    out.append([name, number, cache, effects])
print(json.dumps({"have": opcode.HAVE_ARGUMENT, "ops": out}))
`;

interface Dump {
  have: number;
  ops: [name: string, number: number, cache: number, effects: (number | null)[]][];
}

/** One opcode a row: name, number, cache units, and its net stack effect `a` or `a,b` for a + b·argument. */
function compact(dump: Dump): { have: number; ops: string } {
  const rows = dump.ops
    .sort((a, b) => a[1] - b[1])
    .map(([name, number, cache, effects]) =>
      [name, number, cache || '', effect(effects)].join(' ').trimEnd(),
    );
  return { have: dump.have, ops: rows.join(';') };
}

function effect(effects: (number | null)[]): string {
  const [zero, one] = effects;
  if (zero === null || zero === undefined || one === null || one === undefined) return '';
  const step = one - zero;
  if (!effects.every((value, i) => value === zero + step * i)) return '';
  return step === 0 ? `${zero}` : `${zero},${step}`;
}

/** Writes the table; prints what it wrote. */
export async function main(): Promise<void> {
  let table: Record<string, unknown> = {};
  try {
    table = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, unknown>;
  } catch {
    // the first run
  }
  for (const interpreter of await findInterpreters()) {
    const dump = JSON.parse(await interpreter.run(DUMP)) as Dump;
    table[interpreter.name] = compact(dump);
    console.log(`${interpreter.name}: ${dump.ops.length} opcodes`);
  }
  const sorted = Object.entries(table).sort(([a], [b]) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(sorted), null, 1)}\n`);
}
