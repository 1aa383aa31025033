/** Files that are one secret as a whole, known by their first bytes: keys without armour, keystores, keytabs, wallets, stores of passwords. */
import { EVERY_COPY, LOOK_FOR_KEY, REBUILD } from './advice.ts';
import { encodeBase64 } from './facts/encodings.ts';
import type { FileKind } from './file-kind.ts';
import type { Detection, Rule } from './finding.ts';
import { ease } from './judge.ts';
import { isEverybodys, judgeKeystore, judgePrivateKey } from './judge-key.ts';
import { readBinaryKey } from './keys/binary-key.ts';
import { readKeystore } from './keys/keystore.ts';
import { type Keytab, readKeytab } from './keys/keytab.ts';
import { type PasswordStore, readPasswordStore } from './keys/password-store.ts';
import { walletFile } from './wallet.ts';

const KEYTAB: Rule = {
  id: 'kerberos-keytab',
  title: 'Kerberos keytab',
  provider: 'Kerberos',
  severity: 'critical',
  revoke: '',
  steps: [`Give these principals new keys. ${EVERY_COPY}`, REBUILD],
};
const STORE: Rule = {
  id: 'password-store',
  title: 'Store of passwords',
  provider: '',
  severity: 'low',
  revoke: '',
  steps: [LOOK_FOR_KEY, REBUILD],
};
const MOST_PRINCIPALS = 8;

/**
 * What a file is by its first bytes, of which `bytes` are the whole file or its first part. One look at a
 * byte or two ends it for any other file.
 */
export function judgeFile(bytes: Uint8Array, file: FileKind): Detection | undefined {
  const wallet = walletFile(bytes);
  if (wallet) return { ...wallet, severity: ease(wallet.severity, file, wallet.why) };
  const store = readKeystore(bytes);
  if (store) return judgeKeystore(store, file);
  const key = readBinaryKey(bytes);
  if (key) {
    const block = encodeBase64(bytes);
    const padded = block.padEnd(Math.ceil(block.length / 4) * 4, '=');
    return judgePrivateKey({ ...key, block: padded, start: 0 }, file);
  }
  const keytab = readKeytab(bytes);
  if (keytab) return judgeKeytab(keytab, file);
  const passwords = readPasswordStore(bytes);
  return passwords && judgeStore(passwords, file);
}

function judgeKeytab({ digest, principals, ciphers }: Keytab, file: FileKind): Detection {
  const why = ['a whole keytab: its keys stand in it in clear'];
  const facts = {
    principals: principals.slice(0, MOST_PRINCIPALS).join(', '),
    encryption: ciphers.join(', '),
  };
  const severity = ease(isEverybodys(file, why) ? 'low' : 'critical', file, why);
  const value = `sha256:${digest}`;
  return { rule: KEYTAB, severity, confidence: 'certain', value, why, facts };
}

function judgeStore({ kind, digest, facts }: PasswordStore, file: FileKind): Detection {
  const why = [`begins as a store of ${kind} does`, 'encrypted: it also needs its password'];
  const severity = ease('low', file, why);
  const rule = { ...STORE, title: `${STORE.title}, ${kind}` };
  const value = `sha256:${digest}`;
  return { rule, severity, confidence: 'high', value, why, facts: { kind, ...facts } };
}
