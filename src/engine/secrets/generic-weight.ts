/** How bad a secret is that only its name tells of: by its form, and by where it stands. */
import { characterClasses } from './entropy.ts';
import type { FileKind } from './file-kind.ts';
import type { Severity } from './finding.ts';
import type { NameKind } from './names.ts';
import { isShortHex, isUuid } from './not-secrets.ts';

/** As Jenkins stores what it encrypted. */
export const JENKINS_SECRET = /^\{AQAA[A-Za-z0-9+/]{20,}={0,2}\}$/;

/** Version 128 and a time before 2106, in base64: Airflow's connections, Keystone's tokens. */
const FERNET = /^gAAAAA[\w-]{60,}={0,2}$/;

/** What is known of a named value when its severity is decided. */
export interface Weighed {
  kind: NameKind;
  value: string;
  /** Drawn at random, and long. */
  strong: boolean;
  /** The file's own format says what the value is. */
  told: boolean;
  /** Words alone, under a name that says no more than that it is a password. */
  guessed: boolean;
}

/** The severity before tests and packages ease it further; the reasons for less go into `why`. */
export function weightOf(weighed: Weighed, file: FileKind, why: string[]): Severity {
  const { kind, value, strong, told, guessed } = weighed;
  if (isUuid(value)) {
    why.push('has the form of a UUID, which seldom opens anything');
    return kind === 'password' ? 'medium' : 'low';
  }
  if (isShortHex(value) && !told && !(file.config && kind === 'secret')) {
    why.push('16 hex digits, which are more often a name than a key');
    return 'low';
  }
  if (JENKINS_SECRET.test(value)) {
    why.push('encrypted with the key that Jenkins keeps in its folder of secrets');
    return 'medium';
  }
  if (FERNET.test(value)) {
    why.push('has the form of what Fernet encrypts, which only its key opens');
    return 'low';
  }
  if (!strong && (file.test || file.prose || file.vendor)) return exampleWeight(value, file, why);
  if (file.packaged || (file.vendor && !file.config)) {
    why.push('stands in the code of an installed package, which everybody has');
    return 'low';
  }
  if (file.prose) {
    why.push('stands in documentation');
    return 'medium';
  }
  if (guessed) return 'medium';
  return strong || told || kind === 'password' ? 'high' : 'medium';
}

/**
 * Whether plain passwords are left out of a file altogether. Those in packages are shown as information: there
 * are a dozen in 280 MB of Python's packages. Those in the documentation of packages are not: there are two
 * thousand in 550 MB of Debian's `/usr/share`, nearly all of them lines of test logs.
 */
export function isUnread(file: FileKind): boolean {
  return file.vendor && (file.prose || file.library);
}

/** A password where examples stand: shown, since some are real, and never loud. */
function exampleWeight(value: string, file: FileKind, why: string[]): Severity {
  why.push(
    file.vendor
      ? 'stands in an installed package, which everybody has'
      : file.test
        ? 'in a test or an example most passwords are made up'
        : 'stands in documentation',
  );
  const formed = value.length >= 10 && characterClasses(value) >= 3 && /\d/.test(value);
  return formed && !file.vendor && !file.prose ? 'low' : 'info';
}
