/** Maven's master password (`settings-security.xml`): AES-128 under a password that is part of Maven, as plexus-cipher writes it. */
import { Sha256 } from '../../archive/sha256.ts';
import { Aes, aesUnchain } from '../aes.ts';
import { decodeBase64, utf8 } from '../facts/encodings.ts';
import type { ReadValue } from '../file-readers.ts';
import { joinBytes } from '../keys/der.ts';

const PASSWORD = 'settings.security';
const MASTER = /<master>\s{0,64}\{([A-Za-z0-9+/=]{24,1024})\}\s{0,64}<\/master>/g;
const SALT_BYTES = 8;

/** The master password, which opens every password in `settings.xml`. */
export function readMavenMaster(text: string): ReadValue[] {
  return [...text.matchAll(MASTER)].flatMap((match): ReadValue[] => {
    const [whole, value = ''] = match;
    const plain = openedBy(PASSWORD, value);
    if (plain === undefined) return [];
    return [
      {
        name: 'master',
        at: match.index + whole.indexOf(value),
        length: value.length,
        value: plain,
        kind: 'password',
        where: 'the master password of Maven, which opens those in settings.xml',
        coded: 'encrypted with a password that is part of Maven',
      },
    ];
  });
}

/** A salt, the count of bytes of filling behind, and the text; key and start are the hash of password and salt. */
function openedBy(password: string, value: string): string | undefined {
  const bytes = decodeBase64(value);
  if (!bytes || bytes.length < SALT_BYTES + 1 + 16) return undefined;
  const salt = bytes.subarray(0, SALT_BYTES);
  const sealed = bytes.subarray(SALT_BYTES + 1, bytes.length - (bytes[SALT_BYTES] as number));
  const hash = new Sha256().update(joinBytes(new TextEncoder().encode(password), salt)).digest();
  const plain = aesUnchain(new Aes(hash.subarray(0, 16)), hash.subarray(16), sealed);
  return plain && utf8(plain);
}
