/** Judges key material: private keys in text, and keystores that are whole files. */
import { EVERY_COPY, notReal, REBUILD, REPLACE_PAIR } from './advice.ts';
import type { FileKind } from './file-kind.ts';
import type { Detection, NamedValue, Rule, Severity } from './finding.ts';
import { ease } from './judge.ts';
import type { Keystore } from './keys/keystore.ts';
import type { PrivateKey } from './private-key.ts';

const rule = (id: string, title: string, step: string, severity: Severity): Rule => ({
  id,
  title,
  provider: '',
  severity,
  revoke: '',
  steps: [step, REBUILD],
});
const PRIVATE_KEY = rule('private-key', 'Private key', REPLACE_PAIR, 'critical');
const BOTH_SIDES = `Replace the key on both sides. ${EVERY_COPY}`;
const SHARED_KEY = rule('shared-key', 'Shared key', BOTH_SIDES, 'critical');
const OPENVPN_KEY = rule('openvpn-static', 'Shared key', BOTH_SIDES, 'critical');
const KEYSTORE = rule('keystore', 'Keystore', REPLACE_PAIR, 'medium');

/** The key of a service account, out of the JSON in which Google gives it. */
export const GOOGLE_ACCOUNT_KEY: Rule = {
  id: 'private-key-google',
  title: 'Google service account key',
  provider: 'Google',
  severity: 'critical',
  revoke: 'https://console.cloud.google.com/iam-admin/serviceaccounts',
  steps: [
    `Delete the key with this ID from the service account, and make another. ${EVERY_COPY}`,
    REBUILD,
  ],
};

/** A private key whose body decodes. */
export function judgePrivateKey(key: PrivateKey, file: FileKind, named?: NamedValue): Detection {
  const { kind, encrypted } = key;
  const shared = key.facts['algorithm']?.startsWith('shared key') ?? false;
  const base = kind === 'OpenVPN' ? OPENVPN_KEY : shared ? SHARED_KEY : PRIVATE_KEY;
  const what = shared ? 'shared key' : `${kind} private key`;
  const why = [`a whole ${what}: its body decodes`, ...key.why];
  if (named?.name) why.push(`bound to the name ${named.name}`);
  if (encrypted) why.push('encrypted: it also needs its passphrase');
  const useless = key.facts['sound'] === 'no';
  // What a package brings everybody has; JWKs in code are mostly documentation.
  const brought = file.packaged || (file.vendor && file.path.includes('!/'));
  const example = (kind === 'JWK' || brought) && isEverybodys(file, why);
  const weight: Severity = example ? 'low' : encrypted ? encryptedWeight(kind) : 'critical';
  const severity = ease(useless ? 'info' : weight, file, why);
  const title = `${base.title}, ${kind}, ${encrypted ? 'encrypted' : 'not encrypted'}`;
  return {
    rule: useless ? notReal({ ...base, title }) : { ...base, title },
    severity,
    confidence: useless ? 'low' : 'certain',
    value: key.block,
    why,
    facts: { kind, encrypted: encrypted ? 'yes' : 'no', ...key.facts },
    ...(named?.name && { name: named.name }),
  };
}

/** A wallet's password guards it alone; a server's key mostly has its passphrase beside it. */
function encryptedWeight(kind: string): Severity {
  return kind === 'Ethereum' ? 'low' : 'medium';
}

/** A keystore with private keys in it. Its value is its digest: bytes are no text. */
export function judgeKeystore(store: Keystore, file: FileKind): Detection {
  const why = [`a ${store.kind} keystore`, ...store.why];
  const facts: Record<string, string> = { kind: store.kind, ...store.facts };
  let severity: Severity = 'medium';
  if (store.password !== undefined) {
    facts['password'] = store.password === '' ? '(empty)' : store.password;
    why.push(
      `its password is ${store.password || 'empty'}, as in every manual: the store's own code proves it`,
    );
    severity = 'high';
  } else if (store.why.some((text) => text.includes('without a password'))) severity = 'critical';
  if (isEverybodys(file, why)) severity = 'low';
  return {
    rule: { ...KEYSTORE, title: `Keystore, ${store.kind}` },
    severity: ease(severity, file, why),
    confidence: 'certain',
    value: `sha256:${store.digest}`,
    why,
    facts,
  };
}

/** Whether a file came with an installed package and is no configuration: then nothing in it is one's own. */
export function isEverybodys(file: FileKind, why: string[]): boolean {
  if (!file.packaged && (!file.vendor || file.config)) return false;
  why.push('stands in an installed package, which everybody has');
  return true;
}
