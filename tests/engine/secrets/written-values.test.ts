/** Values that are written otherwise than they are read: escapes, base64, variables in a row, words of a shell. */
import { expect, test } from 'vitest';
import { constructedToken } from '../../make/sample-source.ts';
import { scanContent } from '../../make/scan-content.ts';

const token = (sentence: string): string => `q7${constructedToken(sentence).slice(3, 18)}Z`;
const A = token('one of two variables');
const B = token('the other of two variables');
const P = ['Tulip99', 'harbor'].join('!');
const coded = (text: string): string => Buffer.from(text).toString('base64');

test.each([
  ['srv/a.properties', 'db.password=\\u0054ulip99\\u0021harbor\n', [P]],
  ['srv/a.properties', 'db.password=Tulip99\\!harbor\n', [P]],
  ['srv/a.sh', 'export DB_PASSWORD=Tulip99\\!harbor\n', [P]],
  ['srv/a.sh', "PASSWORD='Tu'\\''lip99!harbor'\n", ["Tu'lip99!harbor"]],
  ['srv/.env', "A=1\nPASSWORD='Tu'\\''lip99!harbor'\n", ["Tu'lip99!harbor"]],
  ['srv/a.ldif', `dn: x\nuserPassword:: ${coded(P)}\n`, [P]],
  [
    'srv/a.ldif',
    `dn: x\nuserPassword: {CLEAR}${P}\nuserPassword: {CLEARTEXT}${P}x\n`,
    [P, `${P}x`],
  ],
  ['srv/a.ldif', `dn: x\nuserPassword:: ${coded('{SSHA}wDduQcPpOOvdFrkHxEg9aB')}\n`, []],
  ['srv/a.yaml', `- args: ["--set-env-vars", "DB_PASSWORD=${A},API_KEY=${B},X=1"]\n`, [A, B]],
  ['srv/a.sh', `gcloud run deploy x --set-env-vars DB_PASSWORD=${A},API_KEY=${B}\n`, [A, B]],
  ['srv/a.sh', `X=\`openssl passwd -6 ${A}\`\nY=$(openssl passwd -1 ${B})\n`, [A, B]],
  ['srv/x.log', `b'GET /\\r\\nAuthorization: Bearer ${A}\\r\\nHost: x\\r\\n'\n`, [A]],
  ['srv/.env', `A=1\nHTPASSWD=admin:${A}\n`, [A]],
  ['srv/.env', `A=1\nHTPASSWD=admin:$apr1$abcdefgh$${'x7Q'.repeat(7)}.\n`, []],
])('%s: %s', (path, text, values) => {
  const found = scanContent(text, path).filter(({ severity }) => severity !== 'info');
  expect(found.map(({ value }) => value)).toEqual(values);
});
