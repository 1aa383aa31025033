/**
 * Values that say what a field takes, or how it is shown, and are no field's own: rules of validation (Laravel,
 * CodeIgniter, validatorjs: `required|string|min:8`), types of columns (`varchar(255)`), colours (`#ff00aa`).
 */

/** The names of rules; most take arguments behind a colon or in brackets. */
const RULES = new Set(
  (
    'required nullable sometimes bail string min max size between confirmed same different regex not_regex email unique exists ' +
    'alpha alpha_num alpha_dash alpha_numeric alphanum numeric integer int trim min_length max_length exact_length matches ' +
    'differs length len in not_in uuid ulid ascii date array boolean digits digits_between filled present prohibited ' +
    'required_if required_unless required_with required_without required_with_all required_without_all permit_empty optional ' +
    'null undefined current_password password valid_email xss_clean strip_tags lowercase uppercase starts_with ends_with url ip json'
  ).split(' '),
);
/** A rule with its argument, if it has one. */
const RULE = /^!?([a-z]\w{1,31})(?:[:[](.{0,128}))?$/;
const LIMITS = /^\d{1,4}(?:(?:\.\.|,[ ]?|-)\d{1,4})?\]?$/;
const COLUMN_TYPE =
  /^(?:n?(?:var)?char2?|character varying|n?text|tiny|medium|long|string|blob|(?:var)?binary|bytea|raw|enum)\(\d{1,5}(?:[ ]?(?:char|byte))?\)(?:[ ](?:not null|null|unique|default)\b.{0,64})?$/i;
const COLOUR = /^(?:#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|(?:rgb|hsl)a?\([\d., %]{5,32}\))$/i;
/** Of a framework's fields: `CharField(max_length=64)`. */
const FIELD_TYPE = /^[A-Z][A-Za-z]{2,30}\((?:[a-z_]{2,24}=\w{1,16}(?:,[ ]?)?){0,6}\)$/;

/** Whether a value declares a field. */
export function isDeclaration(value: string): boolean {
  return (
    COLOUR.test(value) || COLUMN_TYPE.test(value) || FIELD_TYPE.test(value) || isValidation(value)
  );
}

/** Rules with bars between them, half of which are known by their names; or one alone with its limits. */
function isValidation(value: string): boolean {
  // What an expression may hold is no rule any more.
  const parts = value.split(/\|?\bregex:/, 1)[0]?.split('|') ?? [];
  const rules = parts.map((part) => RULE.exec(part));
  if (!rules.every((rule) => rule !== null)) return false;
  const known = rules.filter(([, name = '']) => RULES.has(name)).length;
  if (rules.length > 1 || value.includes('|')) return known * 2 >= rules.length && known > 0;
  return known === 1 && LIMITS.test(rules[0]?.[2] ?? '');
}
