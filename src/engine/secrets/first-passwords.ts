/** Passwords that servers draw when they first start, and write into their logs: MySQL, Jenkins, Elasticsearch. */
import type { FileReader, ReadValue } from './file-readers.ts';

const ESCAPES = String.raw`(?:\x1b\[[0-9;]{0,8}m)?`;
/** The last group of each is the password. */
const SENTENCES: readonly [who: string, form: RegExp][] = [
  ['MySQL', /A temporary password is generated for (\S{1,64}): (\S{8,64})(?=\s|$)/dg],
  [
    'Jenkins',
    /Please use the following password to proceed to installation:\s{1,40}([0-9a-f]{32})(?=\s|$)/dg,
  ],
  [
    'Elasticsearch',
    new RegExp(
      String.raw`[Pp]assword for the (elastic) (?:user \([^()\n]{1,120}\)|built-in superuser is ?):\s{1,16}${ESCAPES}([\w*+=-]{12,64})(?=\s|${'\\x1b'}|$)`,
      'dg',
    ),
  ],
  ['Elasticsearch', /^PASSWORD (\w{1,32}) = ([\w*+=-]{12,64})(?=\s|$)/dgm],
];

function readFirstPasswords(text: string): ReadValue[] {
  return SENTENCES.flatMap(([who, form]) =>
    Array.from(text.matchAll(form), (match): ReadValue => {
      const [at = 0, end = 0] = match.indices?.at(-1) ?? [];
      const user = match.length > 2 ? match[1] : undefined;
      return {
        name: 'password',
        at,
        length: end - at,
        kind: 'password',
        where: `drawn by ${who} at its first start`,
        ...(user !== undefined && { facts: { user } }),
      };
    }),
  );
}

/** The reader of such logs. */
export const FIRST_PASSWORDS_READER: FileReader = {
  triggers: [
    'temporary password is generated for ',
    'password to proceed to installation:',
    'assword for the elastic ',
    'PASSWORD elastic = ',
  ],
  read: readFirstPasswords,
};
