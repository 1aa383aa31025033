/** How forms and messages speak of a password: what stands under its name there is a label, and no password. */

import { isOther } from './names.ts';

/** Words beside `password` in the keys of forms and messages. */
export const OF_MESSAGES = new Set(
  (
    'error errors label labels message messages msg form field fields placeholder hint help tip tooltip title caption button ' +
    'dialog page text validation validator valid invalid wrong incorrect weak mismatch match blank empty short long i18n lang ' +
    'translation translations ui screen view notice warning warn alert confirm repeat again forgot reset change choose enter show ' +
    'hide policy expired type format input schema properties'
  ).split(' '),
);
/** The word for a password in the languages that programs are translated to: no password, but its label. */
export const LABEL =
  /passw|passor|passt|pa[sz][sz]?w[oöó]rd|kennw|contrase|mot.?de.?passe|senha|wachtwoord|has[lł]o|l[oö]sen|adgangsk|salasana|parol|heslo|jelsz|lozin|[sş]ifre|clave|geslo|slapta|palavra|pword|user.?name|(?:pass|pwd)$|^[a-z]+[.:]$/i;

/** Words of accounts, forms and placeholders, in the singular: what is joined with one of them names a thing. */
export const NAMING = new Set(
  (
    'challenge response password passwd passwort passphrase passcode pass pwd user username userid login logon logout signin signup auth ' +
    'authenticate authenticated authentication authorize authorized authorization authorizer oauth token secret key credential ' +
    'cred hash hashed encrypt encrypted decrypt encryption cipher plaintext certificate cert bcrypt sha ' +
    'keyring keychain cookie csrf ' +
    'name input field fieldset form label hint text textbox textfield textarea type placeholder button btn checkbox required ' +
    'invalid validate validator validation hidden toggle reset change confirm confirmation forgot forgotten mismatch incorrect ' +
    'autocomplete tooltip value default string str null none undefined boolean func param parameter arg argument attr attribute ' +
    'prop config configuration setting env variable var schema database db localhost debconf ' +
    'example sample dummy todo test testing mock fake demo foo baz insert redacted masked changeme lorem ipsum unset'
  ).split(' '),
);
const HALF_NAMING = new Set(
  (
    'select submit optional valid visible update new old repeat match blank modal dialog popup panel screen route ' +
    'ask session true false property environment enable disabled disable allow denied deny strategy util production ' +
    'prod staging enum must should with per once only always never if this replace here some my unknown stored ' +
    'unused deprecated contract fixture salt bar vault account identity permission privilege'
  ).split(' '),
);

/** Whether messages and programs use a word that people use too: names of things where they are half of the words or more. */
export function halfNames(word: string): boolean {
  return HALF_NAMING.has(word) || isOther(word);
}

/** What tells a thing within words that are joined by nothing. */
export const CONTAINED =
  /passw|passphrase|passcode|userid|username|login|signin|token|secret|credential|authent|author|encrypt|hashed|confirm|reset|forgot|invalid|required|hidden|input|field|label|button|placeholder|example|default|string|config|setting|database|disabled|enabled|validat|message|dialog|undefined|change|localhost|privilege|environment/;
/** How names of things begin and end. */
export const ENDINGS =
  /^(?:user|name|type|text|form|test|my|the|your)|(?:name|names|users?|type|types|text|forms?|hash|files?|path|value|values|keys?|error|errors|mode|test)$/;
