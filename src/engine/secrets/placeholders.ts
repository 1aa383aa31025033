/** Values that only stand for a secret: placeholders, references, examples, code, and prose. */

const WORDS =
  /(change.?me|replace|your[-_ ]|[-_ ]here$|insert|example|sample|dummy|placeholder|redacted|masked|hidden|undefined|notset|not.?set|todo|fixme|foobar|lorem|^test|test$|default$|^fake|^mock|^some[-_]|^my[-_]?(password|secret|token|key)|s3cr3t$|^none$|^null$|^true$|^false$|^nil$|^empty$|^unset$|^unknown$|^optional$|^required$|^string$|^secret$|^password$|^pass$|^token$|^admin$|^root$|^guest$|^user$)/i;

const REFERENCE =
  /^\\?\$[A-Za-z_][\w.:>-]*$|^%\w+%$|^%[A-Za-z]$|\$\{|^\$\(|\$\([^)]*\)|\{\{|\}\}|<%|%>|^<[^>]*>$|^\[+[^\]]*\]+$|^@[\w.]+@$|^@[A-Za-z_.]+$|^@@\w+@@$|^__\w+__$|^#\{|%\(\w+\)s|\{[\w.]*[}(]|^![A-Za-z]\w*[\s|>]|^![A-Za-z]+$|^ENC[[(]|^ref:|^file:|^vault:|^env[:(]|^\/run\/secrets\/|^(op|arn|ssm|secretsmanager|projects|conjur|aws-?sm|gcp-?sm|akv|keyvault|k8s|secretref):|process\.env|import\.meta|os\.environ|getenv|\{\}/i;

/** Why a value cannot be a secret, or undefined where it can. */
export function placeholderReason(value: string): string | undefined {
  if (REFERENCE.test(value)) return 'a reference to a value kept elsewhere';
  if (WORDS.test(value)) return 'a placeholder';
  if (/^(.)\1*$/.test(value) || /^[*.x_-]+$/i.test(value) || /(.)\1{7,}/.test(value))
    return 'filler';
  if (/x{4,}|\*{3,}|\.{3}|…/i.test(value)) return 'masked';
  if (isSequence(value)) return 'a sequence';
  return undefined;
}

const RUNS = [
  '0123456789',
  '1234567890',
  'abcdefghijklmnopqrstuvwxyz',
  '0123456789abcdef',
  'qwertyuiop',
].map((run) => ({ run, again: run.repeat(8) }));

function isSequence(value: string): boolean {
  const lower = value.toLowerCase();
  return (
    lower.length >= 4 &&
    RUNS.some(({ run, again }) => run.includes(lower) || again.startsWith(lower))
  );
}

const ENGLISH_VOWELS = /[aeiouy]/i;

/** Whether text reads like words: letters only (or words joined by signs), with vowels where they belong. */
export function readsLikeWords(value: string): boolean {
  const parts = value.split(/[^A-Za-z]+/).filter(Boolean);
  if (parts.length === 0 || /\d/.test(value)) return false;
  return parts.every((part) => {
    const plain = part.replace(/([a-z])([A-Z])/g, '$1 $2').split(' ');
    return plain.every(
      (word) => word.length <= 2 || (ENGLISH_VOWELS.test(word) && !/[^aeiouy]{5,}/i.test(word)),
    );
  });
}

/** Whether a bare value is code or prose rather than a literal. */
export function looksLikeCode(value: string): boolean {
  return (
    /[()[\]{}<>]|=>|->|::|\s|^[&*!]|&&|\|\|/.test(value) ||
    /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)+$/.test(value) ||
    /^(self|this|config|settings|options|opts|args|params|request|req|props|state|ctx|kwargs|env)\b/.test(
      value,
    )
  );
}

/** Two words with a dot between and a number behind, as passwords are made; code has no such names. */
export function isDotted(value: string): boolean {
  return /^\w{3,24}\.[A-Z][a-z]{2,16}\d{1,4}$/.test(value);
}
