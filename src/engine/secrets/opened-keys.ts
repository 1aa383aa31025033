/** Encrypted private keys whose password stands in the same image, or in every manual: a few are tried, within bounds. */
import type { Confidence, Severity } from './finding.ts';
import { COMMON_PASSWORDS } from './keys/common-passwords.ts';
import { renewTrials } from './keys/password-decryption.ts';
import { preview } from './preview.ts';
import { openPrivateKey } from './private-key.ts';

/** As much of a finding as is read and changed. */
interface Opened {
  rule: string;
  severity: Severity;
  confidence: Confidence;
  secret: { value: string };
  why: string[];
  facts: Record<string, string>;
  places: readonly { path?: string }[];
}

const PASSWORD = /^(?:generic-(?:password|secret|credential)|mounted-secret|password-file)$/;
const MOST_KEYS = 20;
const MOST_PASSWORDS = 12;
const LONGEST_PASSWORD = 128; // characters

/** Writes into an image's findings which passwords open which keys: such a key is as good as plain. */
export function noteOpenedKeys(findings: readonly Opened[]): void {
  // What is eased for where it stands stays so, opened or not.
  const keys = findings.filter(
    ({ rule, severity, facts }) =>
      rule === 'private-key' && severity === 'medium' && facts['encrypted'] === 'yes',
  );
  if (keys.length === 0) return;
  renewTrials();
  const passwords = findings.filter(
    ({ rule, secret }) => PASSWORD.test(rule) && secret.value.length <= LONGEST_PASSWORD,
  );
  for (const key of keys.slice(0, MOST_KEYS)) {
    // A password mostly stands in the key's own folder, or in the next.
    const near = passwords
      .map((password) => ({ password, shared: sharedFolders(key, password) }))
      .sort((a, b) => b.shared - a.shared)
      .slice(0, MOST_PASSWORDS);
    const found = near.find(({ password }) => open(key, password.secret.value))?.password;
    if (found) {
      tell(key, `the password ${preview(found.secret.value)} found in this image opens it`);
      found.confidence = 'certain';
      found.why.push(`it opens a private key found in this image`);
      continue;
    }
    const common = COMMON_PASSWORDS.find((password) => password !== '' && open(key, password));
    if (common !== undefined) tell(key, `the password ${common} opens it, as in every manual`);
  }
}

/** Adds what the opened key tells of itself; false where the password is another. */
function open(key: Opened, password: string): boolean {
  const opened = openPrivateKey(key.secret.value, password);
  if (!opened) return false;
  key.facts = { ...key.facts, ...opened.facts };
  return true;
}

function tell(key: Opened, why: string): void {
  key.why.push(why);
  key.severity = 'critical';
}

/** The most folders, from the root down, that places of two findings have in common. */
function sharedFolders(a: Opened, b: Opened): number {
  let most = 0;
  for (const { path = '' } of a.places.slice(0, 8)) {
    const folders = path.split('/').slice(0, -1);
    for (const { path: other = '' } of b.places.slice(0, 8)) {
      const others = other.split('/');
      const differs = folders.findIndex((folder, i) => folder !== others[i]);
      most = Math.max(most, differs < 0 ? folders.length : differs);
    }
  }
  return most;
}
