/**
 * Settings whose own key is too common to name a secret, and whose section makes it one: `Jwt: { Key: … }` of
 * .NET, `jwt.key` of YAML, `[api] key = …` of INI and TOML, `jwt: { key: "…" }` of a program's own settings.
 */
import { looksRandom } from './entropy.ts';
import { fileKind } from './file-kind.ts';
import type { FileReader, ReadValue } from './file-readers.ts';
import { jsonLeaves } from './json-leaves.ts';
import { secretKind } from './names.ts';
import { placeholderReason } from './placeholders.ts';
import { readsAsChosen } from './word-passwords.ts';

/** A value and the keys of the sections around it. Positions are in the characters of the text. */
interface Setting {
  path: readonly string[];
  raw: string;
  at: number;
}

const SETTINGS_FILE =
  /(?:^|\/)(?:(?:appsettings|application|bootstrap|values|config|settings?|secrets?|credentials|production|prod|staging|development|dev|local|default|app|parameters)[\w.-]{0,48}|(?:config|conf|settings)\/[\w.-]{1,64})\.(?:json|ya?ml|toml|ini|cfg|conf)$/i;
/** Keys that say nothing by themselves. */
const PLAIN_KEY = /^(?:key|value|val|plain|text|string|current|primary|secondary|main|default)$/i;
/** Sections in which a key of words signs or encrypts all the same. */
const SIGNS = /jwt|sign|encrypt|cipher|hmac/i;
/** Sections whose `secret` signs, though words may be all it is. */
const SIGNING = /^(?:(?:jwt|session)(?:settings|options|config|auth)?|cookies?|signing)$/i;
/** Their keys in JSON; in the YAML of clusters such a key says which of a Secret's is meant. */
const SIGNING_KEY = /^(?:secret|signing)_?key$/i;
const SECTION = 'in a section of settings';
const YAML_LINE =
  /^([ ]{0,80}(?:- )?)["']?([\w.-]{1,96})["']?[ ]{0,4}:(?:[ \t]{1,16}("(?:[^"\\]|\\.){0,1024}"|'[^']{0,1024}'|[^\s#"'[{&*!|>][^\r\n]{0,1023}))?/;
const SECTION_LINE = /^[ \t]{0,16}\[{1,2}([\w." -]{1,96})\]{1,2}/;
const ENTRY_LINE =
  /^[ \t]{0,16}([\w.-]{1,96})[ \t]{0,8}[=:][ \t]{0,8}("(?:[^"\\]|\\.){0,1024}"|'[^']{0,1024}'|[^\s#;"'[{][^\r\n]{0,1023})/;

const CODE = /\.(?:[cm]?[jt]s|py|php|rb)$/i;
const CODE_SECTION =
  /(?<![\w.])([A-Za-z_]\w{0,40})["']?\s{0,4}(?::|=>|=)\s{0,4}[{[](?=([^{}[\]]{0,400}))/g;
const CODE_KEY = /(?<![\w.-])["']?key["']?\s{0,4}(?::|=>)\s{0,4}(["'])([^"'\\\n]{20,256})\1/i;

/** What sections make a secret of; keys that name one themselves are found without this. */
export function readNestedSettings(text: string, _bytes: Uint8Array, path: string): ReadValue[] {
  const settings = /\.json$/i.test(path)
    ? jsonLeaves(text).filter(({ quoted }) => quoted)
    : /\.ya?ml$/i.test(path)
      ? yamlSettings(text)
      : sectionSettings(text);
  const json = /\.json$/i.test(path);
  return settings.flatMap((setting) => signingKey(setting, json) ?? secretOf(setting) ?? []);
}

const SETTINGS_FORMAT = /\.(?:json|ya?ml|toml|ini|cfg|conf)$/i;

/** The reader for files of settings: by their common names, and by a common key in what an application has of its own. */
export const NESTED_SETTINGS_READER: FileReader = {
  path: SETTINGS_FILE,
  triggers: [
    '"key": "',
    '"key":"',
    '"Key": "',
    '"Key":"',
    ' key: ',
    '\nkey:',
    '\nkey=',
    '\nkey = ',
    '{key: ',
    "'key': '",
    "'key' => ",
  ],
  read: (text, bytes, path) => {
    if (CODE.test(path)) return codeSettings(text, path);
    const own = SETTINGS_FILE.test(path) || (SETTINGS_FORMAT.test(path) && !fileKind(path).vendor);
    return own ? readNestedSettings(text, bytes, path) : [];
  },
};

/** What a section for signing calls its key, where words are all it is. */
function signingKey({ path, raw, at }: Setting, json: boolean): ReadValue | undefined {
  const [section = '', key = ''] = path.slice(-2);
  if (!json || path.length < 2 || !SIGNING.test(section) || !SIGNING_KEY.test(key))
    return undefined;
  if (!readsAsChosen(raw)) return undefined;
  return { name: `${section}.${key}`, at, length: raw.length, where: SECTION, kind: 'key' };
}

function secretOf({ path, raw, at }: Setting): ReadValue | undefined {
  const key = path.at(-1) ?? '';
  if (path.length < 2 || raw.length < 4) return undefined;
  if (/^secret$/i.test(key) && SIGNING.test(path.at(-2) as string))
    return { name: path.slice(-2).join('.'), at, length: raw.length, where: SECTION };
  if (secretKind(key)) return undefined;
  const plain = PLAIN_KEY.test(key);
  if (!plain && !looksRandom(raw)) return undefined;
  const name = path.slice(-3).join('.');
  const parent = path.slice(-2).join('.');
  if (!secretKind(parent) && !secretKind(name)) return undefined;
  const base: ReadValue = { name, at, length: raw.length, where: SECTION };
  const value = /\\/.test(raw) ? unescaped(raw) : raw;
  if (value !== raw) base.value = value;
  // A sentence may be a key where it signs; a path, an address or another's name is none.
  const words =
    raw.length >= 16 && /^[\w !?,.@#$%^&*-]+$/.test(raw) && !/^[\w-]+(?:\.[\w-]+)+$/.test(raw);
  const mixed = /[ !@#$%^&*]|\d/.test(raw) || readsAsChosen(raw);
  const signs = /^key$/i.test(key) && SIGNS.test(parent) && words && mixed;
  return signs && !placeholderReason(raw) ? { ...base, kind: 'key' } : base;
}

function unescaped(raw: string): string {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return raw;
  }
}

/** Objects, maps and arrays of a program's own file of settings; only what looks drawn at random counts there. */
function codeSettings(text: string, path: string): ReadValue[] {
  const { config, vendor, test } = fileKind(path);
  if (!config || vendor || test) return [];
  return [...text.matchAll(CODE_SECTION)].flatMap(
    ({ 0: whole, 1: section = '', 2: body = '', index }) => {
      const [found = '', , raw = ''] = CODE_KEY.exec(body) ?? [];
      if (!looksRandom(raw)) return [];
      const from = index + whole.length + body.indexOf(found);
      return (
        secretOf({ path: [section, 'key'], raw, at: from + found.length - 1 - raw.length }) ?? []
      );
    },
  );
}

/** Block mappings by their indentation; flow collections and anchors are left out. */
function yamlSettings(text: string): Setting[] {
  const settings: Setting[] = [];
  const open: { indent: number; key: string }[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const match = YAML_LINE.exec(line);
    if (match) {
      const [whole, before = '', key = '', written] = match;
      while ((open.at(-1)?.indent ?? -1) >= before.length) open.pop();
      if (written !== undefined) {
        const path = [...open.map((one) => one.key), key];
        settings.push({ path, ...scalar(written, start + whole.length - written.length) });
      }
      if (open.length < 64) open.push({ indent: before.length, key });
    }
    start += line.length + 1;
  }
  return settings;
}

/** INI and TOML: a section, and its entries. */
function sectionSettings(text: string): Setting[] {
  const settings: Setting[] = [];
  let section: string[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const named = SECTION_LINE.exec(line)?.[1];
    if (named !== undefined) section = named.replaceAll('"', '').split('.');
    else {
      const [whole = '', key = '', written = ''] = ENTRY_LINE.exec(line) ?? [];
      if (whole !== '')
        settings.push({
          path: [...section, key],
          ...scalar(written, start + whole.length - written.length),
        });
    }
    start += line.length + 1;
  }
  return settings;
}

function scalar(written: string, at: number): { raw: string; at: number } {
  const quote = written[0];
  if (quote === '"' || quote === "'") return { raw: written.slice(1, -1), at: at + 1 };
  return { raw: written.replace(/[ \t]+[#;].*$/, '').trimEnd(), at };
}
