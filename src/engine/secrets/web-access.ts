/** Secrets that nginx compares requests with: `if ($arg_… = …)`, `map $http_… { … }`, `secure_link_md5`. Its manual has the directives. */
import { isDrawn } from './entropy.ts';
import type { FileReader, ReadValue } from './file-readers.ts';

const VARIABLE = String.raw`"?\$\{?(?:arg|cookie|http)_(\w{1,64})\}?"?`;
const CONDITION = new RegExp(
  String.raw`\bif\s{0,4}\(${VARIABLE}\s{1,4}!?=\s{1,4}(["']?)([^\s"'(){};$]{6,512})\2\s{0,4}\)`,
  'dg',
);
const MAP = new RegExp(
  String.raw`\bmap\s{1,8}${VARIABLE}\s{1,8}\$\w{1,64}\s{0,8}\{([^{}]{1,65536})\}`,
  'dg',
);
const KEY =
  /(?:^|[;\n])\s{0,40}(["']?)((?!~|default\s)[^\s"';#]{6,512})\1\s{1,40}[^\s;]{1,64}(?=\s{0,4};)/dg;
const SIGNED =
  /\bsecure_link_(?:md5|hmac_secret)\s{1,8}["']?(?:[^"';\n]{0,256}\s)?([^\s"'$;]{4,256})["']?\s{0,4};/dg;

function readNginx(text: string): ReadValue[] {
  const values: ReadValue[] = [];
  const keep = (name: string, value: string, at: number): void => {
    const kind = isDrawn(value) ? { kind: 'key' as const } : {};
    values.push({
      name,
      at,
      length: value.length,
      where: 'compared with a request by nginx',
      ...kind,
    });
  };
  for (const { 1: name = '', 3: value = '', indices } of text.matchAll(CONDITION))
    keep(name, value, indices?.[3]?.[0] ?? 0);
  for (const { 1: name = '', 2: body = '', indices } of text.matchAll(MAP))
    for (const entry of body.matchAll(KEY))
      keep(name, entry[2] ?? '', (indices?.[2]?.[0] ?? 0) + (entry.indices?.[2]?.[0] ?? 0));
  for (const { 1: value = '', indices } of text.matchAll(SIGNED))
    values.push({
      name: 'secure_link',
      at: indices?.[1]?.[0] ?? 0,
      length: value.length,
      where: 'signs links of nginx',
      kind: 'key',
    });
  return values;
}

/** The reader for configurations of nginx. */
export const NGINX_READER: FileReader = {
  triggers: [
    'secure_link_md5',
    'secure_link_hmac_s',
    'map $http_',
    'map $arg_',
    'map $cookie_',
    'if ($http_',
    'if ($arg_',
    'if ($cookie_',
  ],
  read: readNginx,
};
