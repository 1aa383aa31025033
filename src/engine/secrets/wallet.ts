/** What opens a wallet and proves itself: recovery phrases, and pairs of keys whose halves belong together. */
import { EVERY_COPY, REBUILD } from './advice.ts';
import type { Detection, NamedValue, Rule } from './finding.ts';
import { isKnownExample } from './known-examples.ts';
import { readEd25519Pair } from './keys/ed25519-pair.ts';
import { readMnemonic } from './keys/mnemonic.ts';

const rule = (id: string, provider: string, title: string): Rule => ({
  id,
  provider,
  title,
  severity: 'critical',
  revoke: '',
  steps: [`Move what the wallet holds to a new one. ${EVERY_COPY}`, REBUILD],
});
const PHRASE = rule('bip39-mnemonic', '', 'Recovery phrase of a wallet (BIP 39)');
const PAIR = rule('solana-keypair', 'Solana', 'Solana key pair');
const LONGEST_FILE = 512; // bytes; 64 numbers, each on a line of its own

/** Names under which phrases are kept. */
const NAMES = /(?:mnemonic|(?:seed|recovery|backup)[_-]?(?:phrase|words?))s?$/i;

/** Whether a name is one under which recovery phrases are kept. */
export function namesPhrase(name: string): boolean {
  return NAMES.test(name);
}

/** A value that opens a wallet, before where it stands is looked at. */
export function judgeWallet(value: string, named?: NamedValue): Detection | undefined {
  const words = readMnemonic(value);
  const address = words ? undefined : readEd25519Pair(value);
  if (!words && address === undefined) return undefined;
  const why = words
    ? [`${words.length} words of the list of BIP 39, and their checksum is right`]
    : ['64 bytes, of which the last 32 are the public key of the first 32'];
  const example = words !== undefined && isExample(words, value);
  if (example) why.push('an example that everybody knows');
  if (named?.name) why.push(`bound to the name ${named.name}`);
  return {
    rule: words ? PHRASE : PAIR,
    severity: example ? 'info' : 'critical',
    confidence: 'certain',
    value,
    why,
    facts: address === undefined ? {} : { address },
    ...(named?.name && { name: named.name }),
  };
}

/** The wallet that a small file holds, and nothing else; undefined for any other. */
export function walletFile(bytes: Uint8Array): Detection | undefined {
  if (bytes.length > LONGEST_FILE || bytes.length < 47 || !mayBeWallet(bytes)) return undefined;
  return judgeWallet(String.fromCharCode(...bytes).trim());
}

/** Numbers in brackets, or letters and digits with nothing but spaces between them: most files are not, after a few bytes. */
function mayBeWallet(bytes: Uint8Array): boolean {
  let first = 0;
  while ((bytes[first] as number) <= 0x20) first++;
  if (bytes[first] === 0x5b) return true;
  for (let at = first; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    const letter = byte | 0x20;
    if (byte > 0x20 && !(letter >= 0x61 && letter <= 0x7a) && !(byte >= 0x30 && byte <= 0x39))
      return false;
  }
  return true;
}

/** Phrases of manuals and test networks: words that repeat, or known ones. */
function isExample(words: readonly string[], phrase: string): boolean {
  return new Set(words).size <= (words.length * 2) / 3 || isKnownExample(phrase);
}
