/**
 * Secrets that their owners publish: an installed program cannot keep them, so OAuth calls such clients public
 * (RFC 6749, section 2.1); defaults that a program comes with. Known by their CRC-32, so that none stands here.
 */
import { crc32 } from '../archive/crc32.ts';
import { isDevelopmentKey } from './development-wallets.ts';
import type { Detection } from './finding.ts';

const PUBLISHED: Readonly<Record<number, string>> = {
  0xb6bcbdb7:
    "a published client secret, the Google Cloud SDK's, for application default credentials",
  0x94fbf368: "a published client secret, the Google Cloud SDK's own",
  0x8073ddec: "a published client secret, that of Google's bq",
  0x651e5912: "the published default of Grafana's secret_key",
};
const DEVELOPMENT = 'a key of an account that development networks of Ethereum begin with';
const ENCODER = new TextEncoder();
const LONGEST = 64; // characters

const WEB_APP = /authDomain|messagingSenderId|mobilesdk_app_id/;

/** A Google API key's detection, no more than information where its name or the text around it is a Firebase app's. */
export function easeWebKey(detection: Detection, around: () => string): Detection {
  const { rule, name = '' } = detection;
  if (rule.id !== 'gcp-api-key' || !(/firebase/i.test(name) || WEB_APP.test(around())))
    return detection;
  const told = 'the key of a Firebase app, which its pages and packages give to everybody';
  return { ...detection, severity: 'info', why: [...detection.why, told] };
}

/** The same detection, no more than information where its value is published. */
export function easePublished(detection: Detection): Detection {
  const { value, why } = detection;
  const known = value.length <= LONGEST ? PUBLISHED[crc32(ENCODER.encode(value))] : undefined;
  const what = known ?? (isDevelopmentKey(value) ? DEVELOPMENT : undefined);
  if (what === undefined) return detection;
  const told = `${what}: every installation has it`;
  return { ...detection, severity: 'info', why: [...why, told] };
}
