/** Private keys in PEM and OpenSSH form. A marker without a body that decodes is not a key. */

/** A private key found in text. */
export interface PrivateKey {
  /** The whole block, markers included, as it stands in the text. */
  block: string;
  start: number;
  /** `RSA`, `EC`, `DSA`, `OpenSSH`, `PKCS #8`, `PGP`. */
  kind: string;
  encrypted: boolean;
}

const BLOCK =
  /-----BEGIN ((?:RSA|EC|DSA|OPENSSH|ENCRYPTED|PGP|SSH2 ENCRYPTED|ANY) )?PRIVATE KEY(?: BLOCK)?-----([\s\S]{40,16000}?)-----END \1?PRIVATE KEY(?: BLOCK)?-----/y;

const KINDS: Record<string, string> = {
  RSA: 'RSA',
  EC: 'EC',
  DSA: 'DSA',
  OPENSSH: 'OpenSSH',
  PGP: 'PGP',
};
const MIN_KEY_BYTES = 40; // an Ed25519 key in PKCS #8 has 48

/** Reads the block whose `-----BEGIN` stands at `at`; undefined where it is no whole private key. */
export function privateKeyAt(text: string, at: number): PrivateKey | undefined {
  BLOCK.lastIndex = at;
  const match = BLOCK.exec(text);
  if (!match) return undefined;
  const [block, marker = '', inside = ''] = match;
  const label = marker.trim();
  // In JSON and in source code the line ends are written out.
  const body = inside
    .replace(/\\[nr]/g, '\n')
    .replace(/["']\s*\+\s*["']/g, '')
    .replace(/["',]/g, ' ');
  const lines = body.split('\n').map((line) => line.trim());
  const headers = lines.filter((line) => /^[\w-]+: /.test(line)).join('\n');
  const base64 = lines
    .filter((line) => !/^[\w-]+: /.test(line) && !line.startsWith('='))
    .join('')
    .replace(/\s/g, '');
  const bytes = decodeBase64(base64);
  if (!bytes || bytes.length < MIN_KEY_BYTES) return undefined;
  const encrypted =
    label.includes('ENCRYPTED') ||
    headers.includes('ENCRYPTED') ||
    (label === 'OPENSSH' && openSshCipher(bytes) !== 'none');
  if (!plausible(label, bytes, encrypted)) return undefined;
  return { block, start: at, kind: KINDS[label] ?? 'PKCS #8', encrypted };
}

function plausible(label: string, bytes: Uint8Array, encrypted: boolean): boolean {
  if (label === 'PGP') return ((bytes[0] as number) & 0x80) !== 0;
  if (label === 'OPENSSH') return startsWith(bytes, 'openssh-key-v1\0');
  if (encrypted && label !== 'ENCRYPTED') return true; // legacy PEM encryption leaves no structure
  return bytes[0] === 0x30; // a DER sequence
}

function openSshCipher(bytes: Uint8Array): string {
  const MAGIC = 15;
  if (bytes.length < MAGIC + 4) return 'none';
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC);
  return String.fromCharCode(...bytes.subarray(MAGIC + 4, MAGIC + 4 + Math.min(length, 64)));
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[i] !== text.charCodeAt(i)) return false;
  return true;
}

function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length === 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
