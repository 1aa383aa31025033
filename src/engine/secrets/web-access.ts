/** Secrets that nginx compares requests with: `if ($arg_… = …)`, `map $http_… { … }`, `secure_link_md5`. Its manual has the directives. */
import { isDrawn } from './entropy.ts';
import type { FileReader, ReadValue } from './file-readers.ts';

/** A request's header, parameter or cookie. */
const REQUEST = String.raw`"?\$\{?(?:arg|cookie|http)_(\w{1,64})\}?"?\s{1,8}`;
const FORMS = [
  String.raw`if\s{0,4}\(${REQUEST}!?=\s{1,4}["']?([^\s"'(){};$]{6,512})`,
  String.raw`map\s{1,8}${REQUEST}\$\w{1,64}\s{0,8}\{([^{}]{1,65536})\}`,
  String.raw`(secure_link)_md5\s{1,8}["']?(?:[^"';\n]{0,256}\s)?([^\s"'$;]{4,256})["']?;`,
].map((form) => new RegExp(String.raw`\b${form}`, 'dg'));
/** What a map tells from others, without its patterns. */
const KEY = /(?<=^|[;\n{]\s{0,40}["']?)(?!~|default\s)[^\s"';#]{6,512}(?=["']?\s[^\n;]{0,64};)/g;

function readNginx(text: string): ReadValue[] {
  return FORMS.flatMap((form) => [...text.matchAll(form)]).flatMap(
    ({ 1: name = '', 2: whole = '', indices }) =>
      Array.from(whole.matchAll(whole.includes(';') ? KEY : /.+/g), ({ 0: value, index }) => ({
        name,
        at: (indices?.[2]?.[0] ?? 0) + index,
        length: value.length,
        where: 'compared with a request by nginx',
        ...((name === 'secure_link' || isDrawn(value)) && { kind: 'key' as const }),
      })),
  );
}

/** The reader for configurations of nginx. */
export const NGINX_READER: FileReader = {
  triggers: [
    'secure_link_md5',
    ...['http_', 'arg_', 'cookie_'].flatMap((name) => [`map $${name}`, `if ($${name}`]),
  ],
  read: readNginx,
};
