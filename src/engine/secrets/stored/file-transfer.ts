/**
 * Passwords that FileZilla and WinSCP keep for their sites: the one's in base64, the other's combined with a
 * number that is part of the program (`Security.cpp`, `DecryptPassword`).
 */
import { base64Text } from '../base64-text.ts';
import type { ReadValue } from '../file-readers.ts';

const LONGEST_SERVER = 8192; // characters
const PASS = /<Pass(?: encoding="(base64|plain)")?>([^<]{1,1024})<\/Pass>/;

/** The passwords of `sitemanager.xml` and `recentservers.xml`. */
export function readFilezilla(text: string): ReadValue[] {
  return [...text.matchAll(/<Server>/g)].flatMap(({ index }, i, all): ReadValue[] => {
    const end = Math.min(all[i + 1]?.index ?? text.length, index + LONGEST_SERVER);
    const inside = text.slice(index, end);
    const pass = PASS.exec(inside);
    if (!pass) return [];
    const [element, encoding, value = ''] = pass;
    const plain = encoding === 'base64' ? base64Text(value) : value;
    if (plain === undefined) return [];
    const host = /<Host>([^<]{1,255})</.exec(inside)?.[1] ?? '';
    const user = /<User>([^<]{1,255})</.exec(inside)?.[1] ?? '';
    const start = index + pass.index;
    const found: ReadValue = {
      name: 'Pass',
      at: start + element.indexOf('>') + 1,
      length: value.length,
      value: plain,
      kind: 'password',
      where: `for ${user} at ${host} in a list of FileZilla's servers`,
    };
    return [encoding === 'base64' ? { ...found, coded: 'in base64, which hides nothing' } : found];
  });
}

const MAGIC = 0xa3;
const WITH_NAMES = 0xff;

/** The passwords of `WinSCP.ini`, of which each section is a site. */
export function readWinscp(text: string): ReadValue[] {
  const values: ReadValue[] = [];
  const section = /^\[(?:Configuration|Sessions)\\([^\]\n]{1,256})\]\r?$/gm;
  const starts = [...text.matchAll(section)].map(({ index }) => index);
  starts.forEach((start, i) => {
    const site = text.slice(start, starts[i + 1]);
    const value = (name: string): string =>
      new RegExp(`^${name}=([^\\r\\n]{0,1024})`, 'm').exec(site)?.[1] ?? '';
    const sealed = value('Password');
    const [host, user] = [value('HostName'), value('UserName')];
    const plain = undone(sealed, user + host);
    if (plain === undefined) return;
    values.push({
      name: 'Password',
      at: start + site.search(/^Password=/m) + 'Password='.length,
      length: sealed.length,
      value: plain,
      kind: 'password',
      where: `for ${user} at ${host} in a configuration of WinSCP`,
      coded: 'hidden with a number that is part of WinSCP, which anyone can undo',
    });
  });
  return values;
}

/** A flag, a length, bytes to be skipped, and the text; behind a flag of 255 the text begins with user and host. */
function undone(sealed: string, names: string): string | undefined {
  if (!/^(?:[0-9A-F]{2}){4,512}$/.test(sealed)) return undefined;
  const bytes = (sealed.match(/../g) ?? []).map((pair) => ~(parseInt(pair, 16) ^ MAGIC) & 0xff);
  const [flag = 0] = bytes;
  let at = 1;
  let length = flag;
  if (flag === WITH_NAMES) {
    length = bytes[2] ?? 0;
    at = 3;
  }
  at += 1 + (bytes[at] ?? 0);
  if (length === 0 || at + length > bytes.length) return undefined;
  const plain = new TextDecoder().decode(Uint8Array.from(bytes.slice(at, at + length)));
  if (flag !== WITH_NAMES) return plain;
  return plain.startsWith(names) ? plain.slice(names.length) : undefined;
}
