import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RULES } from '../../../src/engine/scan/rules.ts';

const SECRETS = 'src/engine/secrets';
/** What names a rule's id in code. */
const NAMING = /\bid: [^,\n]+|\b(?:secretFile|rule|generic)\(\s*'[^']+'/g;

test('every rule that stands in the code that judges is counted', () => {
  const found = readdirSync(SECRETS, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('formats/'))
    .flatMap((name) => readFileSync(join(SECRETS, name), 'utf8').match(NAMING) ?? [])
    .flatMap((code) =>
      Array.from(code.matchAll(/'([a-z0-9-]+)'/g), ([, id = '']) =>
        code.startsWith('generic(') ? `generic-${id}` : id,
      ),
    );
  expect(found).toEqual(expect.arrayContaining(['jwe', 'jwt', 'erlang-cookie', 'generic-token']));
  expect(found.filter((id) => !RULES.has(id))).toEqual([]);
});
