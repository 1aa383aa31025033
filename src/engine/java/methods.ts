/** What the names of methods tell of what they take and give back. */
import type { Member } from './class-file.ts';
import { readDescriptor } from './instructions.ts';

/** A method that is called. */
export interface Method {
  owner: string;
  name: string;
  descriptor: string;
  /** `SecretKeySpec` for its constructor. */
  callee: string;
  arguments: number[];
  result: number;
}

/** Calls that are given something to look for or to make another of, rather than to keep. */
const ASKS =
  /^(?:get|read|find|load|fetch|check|verify|validate|is|has|parse|create|generate|make|reset|forgot|change|decrypt|encrypt|hash)/;
/** Methods whose result is what they are called on or given, in another form. */
const SAME =
  /^(getBytes|toCharArray|trim|strip|toString|intern|valueOf|copyValueOf|decode|decodeBase64|decodeHex|encodeUtf8|toByteArray|of|getBytesUtf8|requireNonNull|charSequence|nonNull|copyOf|stringToBytes|parseBase64Binary|parseHexBinary)$/;
/** Calls that run a command of several words. */
export const RUNS = /^(?:exec|command|ProcessBuilder)$/;
/** Calls that make a list of what they are given. */
export const LISTS = /^(?:of|asList)$/;
/** Types whose constructors only wrap a text. */
const WRAPPERS = /^(String|StringBuilder|StringBuffer|GuardedString|CharSequence)$/;

/** What a call that keeps its last argument keeps it as: `setPassword` a password. */
export function keptName(callee: string): string {
  return ASKS.test(callee) ? '' : callee.replace(/^(set|with|put|add)(?=[A-Z])/, '');
}

/** What a call gives back that only changes a text's form: bytes, characters, a copy. */
export function passedOn<T extends { text: number }>(
  method: Method,
  receiver: T,
  items: readonly T[],
): T | undefined {
  const [text, another] = items.filter(({ text }) => text > 0);
  if (another) return undefined; // a map or a list of several
  const passed = receiver.text > 0 ? receiver : text;
  const { name, callee } = method;
  const same = passed && (name === '<init>' ? WRAPPERS.test(callee) : SAME.test(name));
  return same ? passed : undefined;
}

/** Parameters by the table of the class, else by the variables that hold them from the first instruction on. */
export function parameters(member: Member): string[] {
  if (member.parameters.length > 0) return member.parameters;
  let slot = member.static ? 0 : 1;
  return readDescriptor(member.descriptor).arguments.map((words) => {
    const local = member.code?.locals.find((one) => one.slot === slot && one.start === 0);
    slot += words;
    return local?.name ?? '';
  });
}

/** `getPassword` returns a password. Scala keeps the defaults of parameters in methods of their own. */
export function returnedName(method: string): string {
  return method.replace(/^(get|lift|default)(?=[A-Z])/, '').replace(/\$default\$\d+$/, '');
}

/** A class's name without its package. */
export function simpleName(type: string): string {
  return type.slice(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1);
}
