/** Keys in Postman's collections (format 2.1, schema.postman.com), which name a value in another place than before it. */
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
