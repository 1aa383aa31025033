/**
 * A name and its value as two fields of one object: Kubernetes' and compose's `name: X`, `value: …`, in
 * either order and over lines; property lists; the default of a Terraform variable.
 */
import { byteSet } from './byte-set.ts';
import { isNameCode, type NamedText } from './named-text.ts';

/** How far, in characters, the other field may be from the name. */
export const PAIR_REACH = 600;

const NAME_FIELD =
  /(?:^|[\s"'{,(<[])(?:name|key|Name|Key|NAME|KEY|variable|ParameterKey|ParameterName|OptionName|id)["']?\s{0,4}[:=]\s{0,4}["']?(?:\/?[\w.+-]{1,32}\/|\/){0,4}$/;
/** Fields that say more of a value. */
const FIELDS =
  'type|template|encrypted|sensitive|secure|secret|hidden|required|mandatory|displayName|description|label|from|generate|noecho|nullable|title|format|minlength|maxlength|allowedpattern|constraintdescription|writeonly|metadata';
/** Such between a name and its value, each with what parts it from the next. */
const BETWEEN = String.raw`(?:["']?(?:${FIELDS})["']?\s{0,4}[:=]\s{0,4}(?:"[^"\n]{0,200}"|'[^'\n]{0,200}'|[^\s"',{}[\]][^\n,{}"]{0,200})(?:,\s{0,40}|\r?\n[ \t]{0,40})){0,6}?`;
const VALUE_FIELD = new RegExp(
  String.raw`["']?[ \t]{0,4}(?:,\s{0,40}|\r?\n[ \t]{0,40})${BETWEEN}["']?(?:value|ParameterValue|default|defaultValue|content|stringValue)["']?\s{0,4}[:=]\s{0,4}(?:(["'])((?:(?!\1)[^\n]){1,512})\1|((?:(?:Bearer|Basic|Token)[ ])?[^\s"',}{&*!|>[][^\s,}]{0,511}))`,
  'iy',
);
const VALUE_BEFORE =
  /(?:^|[\s"'{,])["']?(?:value|Value|VALUE|ParameterValue)["']?\s{0,4}[:=]\s{0,4}(?:(["'])((?:(?!\1)[^\n]){1,512})\1|([^\s"',}{&*!|>[][^\s,}]{0,511}))[ \t]{0,4}(?:,|\r?\n)\s{0,40}["']?(?:name|key|Name|Key|NAME|KEY|ParameterKey)["']?\s{0,4}[:=]\s{0,4}["']?$/;
/** `<key>password</key>` and the string behind it. */
const PLIST = /<\/key>\s{0,40}<string>([^<]{1,512})<\/string>/y;
/** `<Key>Password</Key>` and the value behind it, as KeePass exports entries. */
const KEEPASS = /<\/Key>\s{0,40}<Value(?:[ ]\w{1,32}="\w{1,16}"){0,3}>([^<]{1,512})<\/Value>/y;
/** `"db_password": {"value": "…"`, as Terraform keeps outputs, CloudFormation parameters and schemas their defaults. */
const NESTED = new RegExp(
  String.raw`["'][ \t]{0,4}:\s{0,8}\{\s{0,40}(?:"(?:${FIELDS})"\s{0,4}:\s{0,4}(?:"(?:[^"\\\n]|\\.){0,200}"|[\w.-]{1,16})\s{0,4},\s{0,40}){0,8}?["'](?:value|default)["']\s{0,4}:\s{0,4}"((?:[^"\\\n]|\\.){1,512})"`,
  'iy',
);
/** The same in YAML. */
const SECTION = new RegExp(
  String.raw`["']?:[ \t]{0,8}\r?\n([ \t]{1,40})(?:["']?(?:${FIELDS})["']?:[ \t][^\n]{0,200}\n\1){0,8}?["']?(?:value|default)["']?:[ \t]{1,8}(?:"((?:[^"\\\n]|\\.){1,512})"|'([^'\n]{1,512})'|([^\s"',}{&*!|>[#][^\s]{0,511}))`,
  'iy',
);
/** The parameter of a servlet: `<param-name>…</param-name>` and the value behind it. */
const PARAMETER =
  /<\/(?:[\w-]{1,16}:)?(?:param-name|name)>\s{0,80}<(?:[\w-]{1,16}:)?(?:param-value|value)>\s{0,80}([^<]{1,512}?)\s{0,80}<\//y;
/** `variable "db_password" { … default = "…" }` */
const VARIABLE =
  /["']?[ \t]{0,4}\{(?:[^{}]|\{[^{}]{0,200}\}){0,400}?\bdefault[ \t]{0,8}=[ \t]{0,8}"([^"\n]{1,512})"/y;

/** Whether a field may stand beside the name in `[start, end)`: cheap, before any text is decoded. */
export function mayPair(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[end] === 0x3c) return true; // a tag
  let next = end;
  while (BESIDE[bytes[next] as number]) next++;
  if (next > end && bytes[next] === 0x3a) return true; // "name": {
  if (bytes[end] === 0x3a && (bytes[end + 1] === 0x0a || bytes[end + 1] === 0x0d)) return true; // a section
  if (isNameCode(bytes[start - 1] as number) || bytes[start - 1] === 0x2f) return true; // not all of the name
  let last = start - 1;
  while (BESIDE[bytes[last] as number]) last--;
  // A sign, or the end of `variable`.
  return bytes[last] === 0x3a || bytes[last] === 0x3d || bytes[last] === 0x65;
}

const BESIDE = byteSet('"\' \t\n\v\f\r\xa0');

/** The pair whose name covers position `at`; `text` reaches `PAIR_REACH` to both sides of it. */
export function pairedTextAt(text: string, at: number): NamedText | undefined {
  let end = at;
  while (end < text.length && isNameCode(text.charCodeAt(end))) end++;
  let start = at;
  while (start > 0 && isNameCode(text.charCodeAt(start - 1))) start--;
  const pair = fields(text, start, end);
  if (!pair) return undefined;
  return { name: text.slice(start, end), nameStart: start, exact: true, ...pair };
}

type Pair = Pick<NamedText, 'value' | 'valueStart' | 'spelling'>;

function fields(text: string, start: number, end: number): Pair | undefined {
  PLIST.lastIndex = end;
  const plist = PLIST.exec(text);
  if (plist?.[1] !== undefined) {
    return {
      value: plist[1],
      valueStart: PLIST.lastIndex - plist[1].length - 9,
      spelling: 'entities',
    };
  }
  KEEPASS.lastIndex = end;
  const entry = KEEPASS.exec(text)?.[1];
  if (entry !== undefined) {
    const valueStart = KEEPASS.lastIndex - entry.length - '</Value>'.length;
    return { value: entry, valueStart, spelling: 'entities' };
  }
  NESTED.lastIndex = end;
  const nested = NESTED.exec(text)?.[1];
  if (nested !== undefined) {
    const valueStart = NESTED.lastIndex - nested.length - 1;
    return { value: nested, valueStart, spelling: 'backslashes' };
  }
  SECTION.lastIndex = end;
  const section = SECTION.exec(text);
  if (section) {
    const value = section[2] ?? section[3] ?? section[4] ?? '';
    const valueStart = SECTION.lastIndex - value.length - (section[4] === undefined ? 1 : 0);
    return { value, valueStart, spelling: section[2] === undefined ? 'plain' : 'backslashes' };
  }
  PARAMETER.lastIndex = end;
  const parameter = PARAMETER.exec(text);
  if (parameter?.[1] !== undefined) {
    const value = parameter[1];
    const valueStart = end + parameter[0].lastIndexOf(value);
    return { value, valueStart, spelling: 'entities' };
  }
  if (/\bvariable[ \t]{1,4}["']?$/.test(text.slice(Math.max(0, start - 24), start))) {
    VARIABLE.lastIndex = end;
    const variable = VARIABLE.exec(text);
    if (variable?.[1] === undefined) return undefined;
    const valueStart = VARIABLE.lastIndex - variable[1].length - 1;
    return { value: variable[1], valueStart, spelling: 'backslashes' };
  }
  if (!NAME_FIELD.test(text.slice(Math.max(0, start - 128), start))) return undefined;
  VALUE_FIELD.lastIndex = end;
  const behind = VALUE_FIELD.exec(text);
  if (behind) {
    const value = behind[2] ?? behind[3] ?? '';
    const valueStart = VALUE_FIELD.lastIndex - value.length - (behind[1] === undefined ? 0 : 1);
    return { value, valueStart, spelling: behind[1] === '"' ? 'backslashes' : 'plain' };
  }
  // Only within the object that the name stands in.
  const from = Math.max(0, start - PAIR_REACH, text.lastIndexOf('}', start) + 1);
  const near = text.slice(from, start);
  const before = near.toLowerCase().includes('value') ? VALUE_BEFORE.exec(near) : null;
  if (!before) return undefined;
  const value = before[2] ?? before[3] ?? '';
  const valueStart = from + near.indexOf(value, before.index + 6);
  return { value, valueStart, spelling: before[1] === '"' ? 'backslashes' : 'plain' };
}
