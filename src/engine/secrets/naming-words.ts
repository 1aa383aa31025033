/** How forms and messages speak of a password: what stands under its name there is a label, and no password. */

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
/** Words of messages and programs that people use too: names of things where they are half of the words or more. */
export const HALF_NAMING = new Set(
  (
    'output select submit optional valid visible show hide update new current old repeat verify match missing empty blank wrong ' +
    'weak strength length error message msg warning title icon modal dialog popup page panel view screen route link url uri ' +
    'path file filename dir directory folder prompt ask enter session principal role true false object function class cls ' +
    'method property option environment column index model request response header query handler event state status mode ' +
    'format template list id enabled enable disabled disable allowed allow denied deny strategy policy provider manager helper ' +
    'util parser module production prod staging ref reference version constant enum callback is has not no must should with ' +
    'without per once only always never if this replace here some your my unknown expired stored unused deprecated contract fixture ' +
    'salt bar vault account identity permission privilege'
  ).split(' '),
);

/** What tells a thing within words that are joined by nothing. */
export const CONTAINED =
  /passw|passphrase|passcode|userid|username|login|signin|token|secret|credential|authent|author|encrypt|hashed|confirm|reset|forgot|invalid|required|hidden|input|field|label|button|placeholder|example|default|string|config|setting|database|disabled|enabled|validat|message|dialog|undefined|change|localhost|privilege|environment/;
/** How names of things begin and end. */
export const ENDINGS =
  /^(?:user|name|type|text|form|test|my|the|your)|(?:name|names|users?|type|types|text|forms?|hash|files?|path|value|values|keys?|error|errors|mode|test)$/;
