/** Values that look random and open nothing: digests, public keys, versions, names, identifiers. */
import { isDeclaration } from './declared-values.ts';

/** Whether a value has the form of something that is no secret, whatever names it. */
export function isNotSecret(value: string): boolean {
  return (
    /^(sha\d+|md5)[:-]/i.test(value) ||
    /^(ssh-(rsa|ed25519|dss)|ecdsa-)/.test(value) ||
    /^-----BEGIN (PUBLIC|CERTIFICATE)/.test(value) ||
    /^[\d.,:+-]+$/.test(value) ||
    /^0x[0-9a-f]{40}$/i.test(value) || // an Ethereum address
    /^Iv(?:\d\.[0-9a-f]{16}|\d{2}[A-Za-z0-9]{16})$/.test(value) || // the ID of an app of GitHub's
    /^Ag[A-Za-z0-9+/]{300,}={0,2}$/.test(value) || // sealed for a cluster
    /^[a-z]+([._@-][a-z]+)+[._@-]?(v?\d+(\.\d+)*)?$/.test(value) || // names joined by signs
    /^[a-z_]+(\.[A-Za-z_]\w*){2,}$/.test(value) || // a dotted name of code
    /^[a-z]{2,}\.[a-z]+(?:[A-Z][a-z]+)+\d{0,2}$/.test(value) || // a method's
    /^arn:|^prod\/|^projects\//.test(value) ||
    /^v?\d+\.\d+/.test(value) ||
    /^\d{4}-\d\d-\d\d(T|$)/.test(value) ||
    isPattern(value) ||
    isDeclaration(value) ||
    isPublicKey(value) ||
    /^pub[0-9a-f]{32}$/.test(value) || // what a page reports to Datadog with
    /^[\w.:/-]{3,256}@sha256:[0-9a-f]{64}$/.test(value) || // an image by its digest
    /^W\/"?[\w+/=-]{8,64}"?$/.test(value) || // a weak entity tag
    /^[A-Za-z._-]+=$/.test(value) || // another name, without a value
    /^(?:[A-Z][a-z]{2,24}(?:V\d{1,3}(?:[a-z]{1,8}\d{1,3})?)?){3,16}$/.test(value) || // a class's name
    /abcdefghijkl|ABCDEFGHIJKL/.test(value) || // an alphabet
    isPasswordHash(value) ||
    /\.(py|js|ts|json|ya?ml|pem|key|crt|txt|html?|com|org|net|io|conf|cfg|xml|toml)$/i.test(value)
  );
}

/** Hashes as crypt(3), Django, htpasswd, PostgreSQL, Drupal, Magento and SQL Server write them. */
export function isPasswordHash(value: string): boolean {
  return (
    /^\$(2[abxy]|1|5|6|7|y|gy|apr1|argon2\w*|pbkdf2\w*|scrypt|bcrypt|P|H|sha1)\$/.test(value) ||
    /^U?\$S\$[./A-Za-z0-9]{48,56}$/.test(value) ||
    /^[0-9a-f]{64}:[\w+/=.-]{8,64}:\d(?:_\d{1,10}){0,8}$/.test(value) ||
    /^0x0[12]00[0-9a-f]{48,136}$/i.test(value) ||
    /^![A-Za-z0-9]{40}$/.test(value) || // what Django gives users without a password
    /^(pbkdf2|bcrypt|scrypt|argon2)[_:$]\w*[:$]/.test(value) ||
    /^\{(S?SHA\d*|S?MD5|CRYPT|PBKDF2\w*|bcrypt)\}/i.test(value) ||
    /^(SCRAM-SHA-256\$|md5[0-9a-f]{32}$|\*[0-9A-F]{40}$)/.test(value)
  );
}

/** A digest and its salt, as Magento and Joomla keep passwords; other values of that form are a user and a key. */
export function isSaltedDigest(value: string): boolean {
  return /^[0-9a-f]{32}:(?:[A-Za-z0-9]{2}|[A-Za-z0-9]{16}|[A-Za-z0-9]{32})$/.test(value);
}

const LONG_BASE64 = /^[A-Za-z0-9+/]{100,}={0,2}$/;
const RENOVATE = /(?:^|\/)\.?renovate(?:rc)?(?:\.json5?)?$/i;

/**
 * What is encrypted to be kept in public: for a key in KMS of AWS or of Google, for somebody's key of OpenPGP (RFC 4880,
 * a packet of tag 1), or for the service whose file of settings it stands in.
 */
export function isCiphertext(name: string, value: string, path: string): boolean {
  if (/(?:^|\.)secure$/.test(name)) return true;
  const coded = value.replace(/^(?:aws_)?kms:/, '');
  if (!LONG_BASE64.test(coded)) return false;
  return /^(?:AQ[EI]CAH|CiQA|wc[BFJ]MA|hQ[EIM]MA)/.test(coded) || RENOVATE.test(path);
}

/** A public key by how it begins: DER of the usual sorts (RFC 5480, RFC 8410, RFC 8017), OpenSSH's form, all of minisign's. */
function isPublicKey(value: string): boolean {
  return /^(?:MFkwEwYHKoZIzj0C|MHYwEAYHKoZIzj0C|MIGbMBAGByqGSM49|MCowBQYDK2V[uw]|MII[BC]IjANBgkqhkiG9w0BAQEFAAOC|MIGfMA0GCSqGSIb3DQEBAQUAA4GN|AAAA[BCEI]3NzaC1|AAAAE2VjZHNh|RW[Q-T][A-Za-z0-9+/]{53}$)/.test(
    value,
  );
}

/** A regular expression: a class with a range, a group, an escape that is repeated. */
function isPattern(value: string): boolean {
  return /\[\^?[^\]\s]{0,32}\w-\w[^\]\s]{0,32}\]|\(\?[:=!<P]|\\[dws][+*{]/.test(value);
}

/** Words joined by signs, with hardly a digit: the name of a thing. */
export function isIdentifier(value: string): boolean {
  const parts = value.split(/[._-]/);
  if (parts.length < 3 || !parts.every((part) => /^[A-Za-z][A-Za-z0-9]*$/.test(part))) return false;
  return value.replace(/\D/g, '').length * 8 < value.length;
}

/** A UUID, which names a thing far more often than it opens one. */
export function isUuid(value: string): boolean {
  return /^\{?[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}\}?$/i.test(value);
}

/** 16 hex digits, as file names, revisions and identifiers of traces have them. */
export function isShortHex(value: string): boolean {
  return /^[0-9a-f]{16}$/i.test(value);
}
