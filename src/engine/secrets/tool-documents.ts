/**
 * JSON of tools that names a secret in another place than before it: Postman's collections (format 2.1,
 * schema.postman.com) and Terraform's state (developer.hashicorp.com/terraform/language/state).
 */
import type { ReadValue } from './file-readers.ts';

const API_KEY = /"apikey"\s{0,8}:\s{0,8}\[([^\]]{1,2048})\]/g;
const KEY_VALUE =
  /"key"\s{0,8}:\s{0,8}"value"\s{0,8},\s{0,64}"value"\s{0,8}:\s{0,8}"((?:[^"\\\n]|\\.){1,1024})"/;

/** Keys that requests of a collection authenticate with: their name and value are two entries of a list. */
export function readPostman(text: string): ReadValue[] {
  return Array.from(text.matchAll(API_KEY)).flatMap(({ 0: whole, 1: list = '', index }) => {
    const found = KEY_VALUE.exec(list);
    if (found?.[1] === undefined) return [];
    const at = index + whole.length - 1 - list.length + found.index + found[0].length - 1;
    const length = found[1].length;
    return [{ name: 'apikey', at: at - length, length, where: 'in a collection of Postman' }];
  });
}

const RESOURCE = /"type"\s{0,8}:\s{0,8}"random_password"/g;
const RESULT = /"result"\s{0,8}:\s{0,8}"((?:[^"\\\n]|\\.){4,512})"/g;
const REACH = 16 * 1024; // characters of a resource

/** Passwords that Terraform has drawn, as its state keeps them. */
export function readTerraformState(text: string): ReadValue[] {
  const values: ReadValue[] = [];
  let from = 0;
  for (const { index } of text.matchAll(RESOURCE)) {
    const next = text.indexOf('"type"', index + 8);
    const end = Math.min(index + REACH, next < 0 ? text.length : next);
    from = Math.max(from, index);
    for (const match of text.slice(from, end).matchAll(RESULT)) {
      const written = match[1] as string;
      const value: ReadValue = {
        name: 'random_password.result',
        at: from + match.index + match[0].length - 1 - written.length,
        length: written.length,
        kind: 'password',
        where: 'in a state of Terraform',
      };
      const plain = unescaped(written);
      values.push(plain === written ? value : { ...value, value: plain });
    }
    from = end;
  }
  return values;
}

function unescaped(written: string): string {
  try {
    return JSON.parse(`"${written}"`) as string;
  } catch {
    return written;
  }
}
