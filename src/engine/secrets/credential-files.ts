/**
 * Files that hold nothing but credentials, line by line: `.netrc`, `.pgpass`, `.npmrc`, `rclone.conf`,
 * `.bundle/config`, `.htpasswd`, `shadow`, Subversion's logins. Their formats are described in the manuals of curl,
 * PostgreSQL, npm, rclone, Bundler, Apache, Subversion and shadow(5).
 */
import { base64Password, base64Text } from './base64-text.ts';
import type { ReadValue } from './file-readers.ts';
import { revealed } from './rclone-obscure.ts';
import { isNpmHost, PACKAGE_REGISTRY_TOKEN } from './registry-rules.ts';

/** The passwords of a `.netrc`, whose words may stand on one line or on several. */
export function readNetrc(text: string): ReadValue[] {
  const values: ReadValue[] = [];
  const word = /#[^\n]*|"((?:[^"\\\n]|\\.)*)"|\S+/g;
  let machine = '';
  let user = '';
  let key = '';
  for (let match = word.exec(text); match; match = word.exec(text)) {
    const [whole, quoted] = match;
    if (whole.startsWith('#') && key === '') continue;
    if (key === 'password') {
      const at = match.index + (quoted === undefined ? 0 : 1);
      const length = (quoted ?? whole).length;
      values.push({
        name: 'password',
        at,
        length,
        kind: 'password',
        where: machine === '' ? 'in a netrc file' : `for the machine ${machine} in a netrc file`,
        facts: { ...(machine !== '' && { host: machine }), ...(user !== '' && { user }) },
      });
      key = '';
    } else if (key !== '') {
      if (key === 'machine') [machine, user] = [whole, ''];
      if (key === 'login') user = quoted ?? whole;
      key = '';
    } else if (whole === 'macdef') {
      const end = text.indexOf('\n\n', match.index);
      if (end < 0) break;
      word.lastIndex = end;
    } else if (/^(machine|login|password|account)$/.test(whole)) key = whole;
    else if (whole === 'default') [machine, user] = ['', ''];
  }
  return values;
}

/** The passwords of a `.pgpass`: `host:port:database:user:password`. */
export function readPgpass(text: string): ReadValue[] {
  return lines(text).flatMap(({ line, at }): ReadValue[] => {
    const match =
      /^((?:[^:\\#\n]|\\.){1,255}):(\d{1,5}|\*):((?:[^:\\]|\\.){1,255}):((?:[^:\\]|\\.){1,255}):(.{1,512})$/.exec(
        line,
      );
    const [, host = '', , database = '', user = '', password = ''] = match ?? [];
    if (password === '') return [];
    return [
      {
        name: 'password',
        at: at + line.length - password.length,
        length: password.length,
        value: password.replace(/\\(.)/g, '$1'),
        kind: 'password',
        where: `for ${user} at ${host} in a PostgreSQL password file`,
        facts: { host, database, user },
      },
    ];
  });
}

/** Tokens and passwords of an `.npmrc`; `_auth` and `_password` are in base64. */
export function readNpmrc(text: string): ReadValue[] {
  return lines(text).flatMap(({ line, at }): ReadValue[] => {
    const match =
      /^\s*((?:\/\/[^\s=]{1,256}:)?)(_authToken|_auth|_password)\s{0,4}=\s{0,4}["']?([^\s"']{4,4096})/.exec(
        line,
      );
    if (!match) return [];
    const [whole, registry = '', name = '', value = ''] = match;
    const host = registry.replace(/^\/\/|\/?:$/g, '');
    const base = {
      name,
      at: at + whole.length - value.length,
      length: value.length,
      where:
        host === ''
          ? 'in an npm configuration'
          : `for the registry ${host} in an npm configuration`,
      ...(host !== '' && { facts: { host } }),
    };
    if (name === '_authToken') {
      const other = host !== '' && !isNpmHost(host);
      const token: ReadValue = { ...base, kind: 'token' };
      return [other ? { ...token, rule: PACKAGE_REGISTRY_TOKEN } : token];
    }
    const login = name === '_auth' ? base64Password(value) : undefined;
    const plain = name === '_auth' ? login?.password : base64Text(value);
    if (plain === undefined) return [];
    const coded = 'in base64, which hides nothing';
    const user = login && { user: login.user };
    return [{ ...base, ...user, kind: 'password', value: plain, coded }];
  });
}

/** Passwords of an `rclone.conf`, obscured with a key that is part of rclone itself, and keys, which stand in clear. */
export function readRclone(text: string): ReadValue[] {
  return lines(text).flatMap(({ line, at }): ReadValue[] => {
    const key = /^((?:api_)?key|access_grant)\s{0,4}=\s{0,4}(\S{16,4096})\s*$/.exec(line);
    if (key) {
      const [, name = '', value = ''] = key;
      const where = 'in a configuration of rclone';
      return [{ name, at: at + line.lastIndexOf(value), length: value.length, kind: 'key', where }];
    }
    const match =
      /^(pass|password|password2|[a-z_]{1,32}_pass(?:word)?)\s{0,4}=\s{0,4}(\S{4,1024})\s*$/.exec(
        line,
      );
    if (!match) return [];
    const [, name = '', value = ''] = match;
    const plain = revealed(value);
    return [
      {
        name,
        at: at + line.lastIndexOf(value),
        length: value.length,
        kind: 'password',
        where: 'in a configuration of rclone',
        ...(plain !== undefined && {
          value: plain,
          coded: 'obscured with a key that is part of rclone, which anyone can undo',
        }),
      },
    ];
  });
}

/** Subversion's stored logins: each field is `K`, its length, its name, `V`, its length, its value. */
export function readSubversion(text: string): ReadValue[] {
  const field = (name: string): RegExpExecArray | null =>
    new RegExp(`^K \\d{1,3}\\n${name}\\nV \\d{1,4}\\n([^\\n]{1,1024})$`, 'm').exec(text);
  const found = field('password') ?? field('passphrase');
  const password = found?.[1];
  if (!found || password === undefined) return [];
  const user = field('username')?.[1];
  const where = `for ${user ?? 'a user'} in a login that Subversion has stored`;
  const at = found.index + found[0].length - password.length;
  const facts = { ...(user !== undefined && { user }) };
  return [{ name: 'password', at, length: password.length, kind: 'password', where, facts }];
}

const BUNDLED =
  /^(BUNDLE_(?!BUILD__|LOCAL__|MIRROR__)[A-Z0-9_]{1,96}__[A-Z0-9_]{2,96}):[ \t]{1,4}["']?([^\s"':/]{3,128})(?::([^\s"']{3,256}))?["']?[ \t]*$/;

/** Log-ins to sources of gems in Bundler's `.bundle/config`, as `user:password` or a token alone. */
export function readBundler(text: string): ReadValue[] {
  return lines(text).flatMap(({ line, at }): ReadValue[] => {
    const [, name = '', first = '', second] = BUNDLED.exec(line) ?? [];
    const value = second ?? first;
    if (name === '' || /^(?:true|false|\d+|-.*)$/.test(value)) return [];
    const start = at + line.lastIndexOf(value);
    const where = 'for a source of gems in a configuration of Bundler';
    const base = { name, at: start, length: value.length, where };
    return [{ ...base, kind: second === undefined ? 'token' : 'password' }];
  });
}

const HASH =
  /^([^:\s#]{1,64}):((?:\$(?:1|2[abxy]|5|6|7|y|gy|apr1|argon2\w{0,2}|sha1|md5)\$|\{S?SHA\d{0,3}\})[\w./$+=,-]{8,512})(?::|$)/;

/** The password hashes of `.htpasswd` and `shadow` files. */
export function readHashes(text: string): ReadValue[] {
  return lines(text).flatMap(({ line, at }): ReadValue[] => {
    const [, user = '', hash = ''] = HASH.exec(line) ?? [];
    if (hash === '') return [];
    return [
      {
        name: user,
        at: at + user.length + 1,
        length: hash.length,
        hash: true,
        where: `of the user ${user}`,
      },
    ];
  });
}

/** A text's lines, without their ends, and where each begins. */
export function lines(text: string): { line: string; at: number }[] {
  const all: { line: string; at: number }[] = [];
  let at = 0;
  for (const whole of text.split('\n')) {
    all.push({ line: whole.endsWith('\r') ? whole.slice(0, -1) : whole, at });
    at += whole.length + 1;
  }
  return all;
}
