/**
 * Values that are no secret under the name they have, though either of the two alone may be one's: codes of errors,
 * fingerprints of PGP, addresses on a chain, site keys, the names of accounts that an access key is.
 */
import { isWordForPassword, wordsOf } from './names.ts';

/** What the words of a name, with a space between, and its value have to be. */
interface LookAlike {
  name: RegExp;
  value: RegExp;
}

const LOOK_ALIKES: readonly LookAlike[] = [
  // A fingerprint of PGP (RFC 4880, section 12.2), or its last 64 bits.
  {
    name: /\b(?:gpg|pgp)\b.*key$|\b(?:release|repo|repository|apt|rpm|archive|package)\b.*\bsigning ?key$/,
    value: /^(?:0x)?(?:[0-9a-f]{16}|[0-9a-f]{40})$/i,
  },
  { name: /key$/, value: /^0x[0-9a-f]{16}$/i },
  // An address of Solana's: 32 bytes in base58.
  { name: /\btoken (?:address|account|program|contract)$/, value: /^[1-9A-HJ-NP-Za-km-z]{32,44}$/ },
  // What detect-secrets keeps of a secret, and tables of a password.
  {
    name: /\bhashed (?:secret|password|passwd|token|key)$/,
    value: /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i,
  },
  // A site key of reCAPTCHA's; the secret has the same form.
  { name: /captcha(?!.*\b(?:secret|private|server)\b).*\bkey$/, value: /^6L[\w-]{38}$/ },
  // Whose account it is; the secret key opens it.
  {
    name: /\b(?:minio|s3|ceph|wasabi)\b.*\baccess ?key$/,
    value: /^[A-Za-z0-9]{20}$/,
  },
];

/** Whether a value is none of the secrets that its name announces. */
export function isLookAlike(name: string, value: string): boolean {
  const words = wordsOf(name).join(' ');
  return (
    isErrorCode(words, value) ||
    isLabel(value) ||
    LOOK_ALIKES.some((one) => one.value.test(value) && one.name.test(words))
  );
}

const FAILURE =
  /\b(?:err(?:or)?s?|codes?|status|message|event|permission|invalid|expired|fail(?:ed|ure)|wrong|bad|weak|empty|missing|required|locked|disabled|denied|incorrect|mismatch|short|long|reused|used)\b/;
const CODE = /^(?:[A-Z]{1,10}([_.-]?)){1,3}\d{3,5}$/;
const OF_ERRORS = /^(?:[A-Z]+[_.-])?(?:AUTH|ERR(?:OR)?|E)(?:[_.-]|\d)/;

/**
 * The code of an error or a message: `AUTH_1002`, `ERR_PWD_0042`. Weak passwords have that form too, so that the name
 * or a word of the code has to tell of errors; without a sign before the number, both.
 */
function isErrorCode(words: string, value: string): boolean {
  const sign = CODE.exec(value)?.[1];
  if (sign === undefined) return false;
  const [named, told] = [FAILURE.test(words), OF_ERRORS.test(value)];
  return sign === '' ? named && told : named || told;
}

const SHORTEST_WORD = 6;

/** A word for a password, as a field's label or its number has it: `Kennwort`, `Passwort2`, `Passwort#2`. */
function isLabel(value: string): boolean {
  const plain = value.toLowerCase().replace(/\d$/, '');
  // English ones with a sign are weak passwords more often than labels.
  const word = /^pass(?!wort)/.test(plain) ? plain : plain.replace(/[^\p{L}\d]$/u, '');
  return word.length >= SHORTEST_WORD && isWordForPassword(word);
}
