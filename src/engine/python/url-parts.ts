/** Passwords in URLs that are put together from pieces: `f"https://{user}:secret@host"`. */
import type { StackWalk } from './stack-walk.ts';
import { BINARY, CONSTANT, type Symbol_ } from './symbols.ts';

const MAX_PARTS = 64;
const MAX_LENGTH = 2000;

/** Looks at the parts of a string that is built; a password that stands wholly in one of them is bound. */
export function bindUrl(walk: StackWalk, parts: readonly Symbol_[]): void {
  const at = parts.findIndex((part) => part.k === CONSTANT && part.text?.includes('://') === true);
  if (at < 0) return;
  let user: string | undefined;
  let name = '';
  for (let i = at; i < parts.length && i < at + MAX_PARTS; i++) {
    const part = parts[i] as Symbol_;
    const text = part.k === CONSTANT ? part.text?.slice(0, MAX_LENGTH) : undefined;
    if (text === undefined) {
      if (user !== undefined) return; // the password is not literal
      name = part.label;
      continue;
    }
    const start = i === at ? text.lastIndexOf('://') + 3 : 0;
    const authority = /[/?#\s]/.exec(text.slice(start));
    const end = authority ? start + authority.index : text.length;
    const colon = text.slice(start, end).indexOf(':');
    if (colon < 0) {
      if (authority) return;
      name = text.slice(start, end) || name;
      continue;
    }
    user = text.slice(start, start + colon) || name;
    const password = text.slice(start + colon + 1, end);
    const host = password.lastIndexOf('@');
    // A URL that lies in one constant is taken apart by whoever reads the constant.
    if (host > 0 && !(i === at && parts.length === 1)) {
      walk.urls.push({ value: password.slice(0, host), user, offset: part.offset });
      return;
    }
    if (host >= 0 || authority || password !== '') return;
  }
}

/** `"https://" + user + ":secret@host"`: the sum is looked at where its last piece has the `@`. */
export function bindSum(walk: StackWalk, left: Symbol_, right: Symbol_): void {
  if (right.text?.includes('@') !== true) return;
  const parts: Symbol_[] = [right];
  let rest = left;
  for (; rest.k === BINARY && parts.length < MAX_PARTS; rest = rest.list[0] as Symbol_) {
    parts.push(rest.list[1] as Symbol_);
  }
  parts.push(rest);
  bindUrl(walk, parts.reverse());
}
