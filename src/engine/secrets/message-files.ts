/** Files of a program's messages in its users' languages, by their paths: there `password` labels a field. */

/** Codes of the languages that programs are commonly translated to (ISO 639-1); those that name other things too are left out. */
const LANGUAGE =
  'af|ar|az|be|bg|bn|bs|ca|cs|cy|da|de|el|en|eo|es|et|eu|fa|fi|fr|ga|gl|he|hi|hr|hu|hy|id|is|it|ja|ka|kk|km|ko|lt|lv|mk|mn|mr|ms|nb|ne|nl|nn|no|pl|pt|ro|ru|si|sk|sl|sq|sr|sv|sw|ta|te|th|tl|tr|uk|ur|uz|vi|zh';
const REGION = '(?:[-_][A-Za-z]{2,4}){0,2}';
const EXTENSION =
  '(?:json5?|ya?ml|properties|toml|xml|js|mjs|ts|php|rb|py|ini|resx|strings|arb|ftl|xlf|xliff)';

const FOLDER =
  /(?:^|\/)(?:lang|langs|languages?|l10n|nls|intl|locales?|i18n|translations?|_locales)\//i;
/** The names of such files. */
export const MESSAGES_NAME = new RegExp(
  [
    // de.json, pt_BR.yml; messages_de.properties, Errors.fr-CA.resx
    // Spring calls a profile's settings `application-de`.
    `^(?!application[._-])(?:[\\w.-]{0,64}[._-])?(?:${LANGUAGE})${REGION}\\.${EXTENSION}$`,
    '^(?:\\w{0,32}(?:messages|labels|translations?|strings|resources)|i18n|locale)(?:[._-]\\w{1,8})?\\.(?:properties|json|ya?ml|xml|strings|php|js|ts)$',
    // What is called so in JavaScript is a program.
    '^bundle(?:[._-]\\w{1,8})?\\.(?:properties|json|ya?ml|xml|strings|php)$',
    '\\.(?:resx|strings|stringsdict|arb|ftl|xlf|xliff|po|pot)$',
  ].join('|'),
  'i',
);

/** Folders of settings for hosts, places and countries, whose files are named by them. */
const PLACES =
  /(?:^|\/)(?:group_vars|host_vars|inventor(?:y|ies)|env(?:ironment)?s?|regions?|countr(?:y|ies)|markets?|tenants?|sites|stages?)\/(?:[^/]+\/)?$/i;

/** Whether files of a folder are named by the places that they are for, and hold no messages; `path` ends in a slash. */
export function isOfPlaces(path: string): boolean {
  return PLACES.test(path);
}

/** Whether a folder is one of messages; `path` ends in a slash. */
export function isOfMessages(path: string): boolean {
  return FOLDER.test(path);
}
