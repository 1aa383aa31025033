/**
 * What `vault operator init` prints, as a table, JSON or YAML, and what its API answers: the shares of the key
 * that unseals a Vault of HashiCorp's, or recovers it. A share is 32 bytes, or 33 where there are several, in
 * base64 or hexadecimal. So are those that `vault operator unseal` is given.
 */
import { formatOf } from './compiled-formats.ts';
import type { FileReader, ReadValue } from './file-readers.ts';
import type { Rule } from './finding.ts';

const SHARE =
  '(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{44}|[0-9a-f]{66}|[0-9a-f]{64})(?![A-Za-z0-9+/=])';
const LISTS =
  'unseal_keys(?:_b64|_hex)?|unsealKeys|recovery_keys(?:_b64|_hex|_base64)?|keys(?:_base64)?';
const PRINTED = new RegExp(`(Unseal|Recovery) Key \\d{1,2}: {1,4}(${SHARE})`, 'g');
const GIVEN = new RegExp(`operator unseal (?:-\\S{1,64} ){0,4}(${SHARE})`, 'g');
const LISTED = new RegExp(
  `(?:\\b|_)(${LISTS})["']?[ ]?[:=][ ]?\\[?((?:[\\s,-]{0,40}["']?${SHARE}["']?){1,64})`,
  'g',
);

/** Shares of the key, under the names that Vault gives them; in time linear in the text. */
export function readVaultInit(text: string): ReadValue[] {
  const rule = formatOf('vault-unseal')?.rule;
  if (!rule) return [];
  const found: ReadValue[] = [];
  for (const match of text.matchAll(PRINTED)) {
    const [whole, kind = '', share = ''] = match;
    found.push(read(`${kind.toLowerCase()}_key`, match.index + whole.length, share, rule));
  }
  for (const match of text.matchAll(GIVEN))
    found.push(read('unseal_key', match.index + match[0].length, match[1] ?? '', rule));
  for (const match of text.matchAll(LISTED)) {
    const [whole, name = '', shares = ''] = match;
    const from = match.index + whole.length - shares.length;
    for (const share of shares.matchAll(new RegExp(SHARE, 'g')))
      found.push(read(name, from + share.index + share[0].length, share[0], rule));
  }
  return found;
}

/** A share that ends at `end`. */
function read(name: string, end: number, share: string, rule: Rule): ReadValue {
  const where = 'as Vault prints the shares of its key';
  return { name, at: end - share.length, length: share.length, where, kind: 'key', rule };
}

/** Reads them wherever Vault's own names for them stand. */
export const VAULT_READER: FileReader = {
  triggers: [
    ...['Unseal Key ', 'Recovery Key ', 'operator unseal ', 'unseal_keys', 'unsealKeys'],
    ...['recovery_keys', 'keys_base64'],
  ],
  read: readVaultInit,
};
