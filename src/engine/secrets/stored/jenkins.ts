/**
 * Jenkins' own keys, and what they open: `secrets/master.key` opens `secrets/hudson.util.Secret`, and that every
 * credential in its XML (`hudson.util.Secret` and `jenkins.security.DefaultConfidentialStore`).
 */
import { charactersOf } from '../../archive/plain-text.ts';
import { Sha256 } from '../../archive/sha256.ts';
import { Aes, aesBlocks, aesUnchain } from '../aes.ts';
import { decodeBase64, utf8 } from '../facts/encodings.ts';
import type { ReadValue } from '../file-readers.ts';
import type { Confidence, Severity } from '../finding.ts';
import { preview } from '../preview.ts';

const MASTER = /^[0-9a-f]{256}$/;
const MAGIC = '::::MAGIC::::';
const KEY_BYTES = 16;
const FIRST_VERSION = 1;
const MOST_STORES = 50;
const MOST_CREDENTIALS = 1000;

/** The key of the credentials, encrypted with the master key; its value is the file in base64. */
export function readHudsonSecret(_text: string, bytes: Uint8Array): ReadValue[] {
  if (bytes.length % KEY_BYTES !== 0 || bytes.length < 32 || bytes.length > 1024) return [];
  const where = 'the key of the credentials of Jenkins, which its master key opens';
  const value = btoa(charactersOf(bytes));
  return [{ name: 'hudson.util.Secret', at: 0, length: 0, value, kind: 'key', where }];
}

/** As much of a finding as a proof changes. */
interface Proven {
  severity: Severity;
  confidence: Confidence;
  secret: { value: string; preview: string; length: number; written?: string };
  why: string[];
}

/** Opens, among an image's findings, the credentials whose keys are beside them: the secret is what they open to. */
export function noteJenkins(findings: readonly Proven[]): void {
  const masters = findings.filter(({ secret }) => MASTER.test(secret.value));
  if (masters.length === 0) return;
  const stores = findings.filter(({ secret }) => couldBeStore(secret.value)).slice(0, MOST_STORES);
  for (const master of masters) {
    for (const store of stores) {
      const aes = opened(master.secret.value, store.secret.value);
      if (!aes) continue;
      const count = noteCredentials(findings, aes);
      if (count === 0) continue;
      for (const key of [master, store]) {
        key.severity = 'critical';
        key.confidence = 'certain';
        key.why.push(
          `it opens ${count} ${count === 1 ? 'credential' : 'credentials'} found in this image`,
        );
      }
    }
  }
}

function noteCredentials(findings: readonly Proven[], aes: Aes): number {
  let count = 0;
  for (const finding of findings) {
    if (!/^\{?AQAAAB/.test(finding.secret.value) || count >= MOST_CREDENTIALS) continue;
    const plain = credential(aes, finding.secret.value);
    if (plain === undefined) continue;
    finding.severity = 'critical';
    finding.confidence = 'certain';
    const { value, written = value } = finding.secret;
    finding.secret = { value: plain, preview: preview(plain), length: plain.length, written };
    finding.why.push('the keys of Jenkins found in this image open it');
    count++;
  }
  return count;
}

function couldBeStore(value: string): boolean {
  return value.length >= 44 && value.length < 2048 && /^[A-Za-z0-9+/]+={0,2}$/.test(value);
}

/** The cipher of the credentials, where the master key is right: a fixed text behind the key proves it. */
function opened(master: string, store: string): Aes | undefined {
  const hash = new Sha256().update(new TextEncoder().encode(master)).digest();
  const bytes = decodeBase64(store);
  const plain = bytes && aesBlocks(new Aes(hash.subarray(0, KEY_BYTES)), bytes);
  if (!plain || plain.length < KEY_BYTES + MAGIC.length) return undefined;
  if (charactersOf(plain.subarray(-MAGIC.length)) !== MAGIC) return undefined;
  return new Aes(plain.subarray(0, KEY_BYTES));
}

/** Version, length of the start, length of the text, start, text. */
function credential(aes: Aes, value: string): string | undefined {
  const bytes = decodeBase64(value.replace(/[{}]/g, ''));
  if (bytes?.[0] !== FIRST_VERSION || bytes.length < 9 + 2 * KEY_BYTES) return undefined;
  const body = bytes.subarray(9 + KEY_BYTES);
  const plain = aesUnchain(aes, bytes.subarray(9, 9 + KEY_BYTES), body);
  return plain && utf8(plain);
}
