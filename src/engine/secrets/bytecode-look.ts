/**
 * A quick look at bytecode before its names are worked out: most modules hold nothing that could be a
 * secret, and of the others most code need not be walked.
 */
import type { Binding } from '../python/binding.ts';
import { type CodeObject, isCode } from '../python/values.ts';
import { isLikely } from './format-triggers.ts';
import { AUTHORIZATION, nameEndAt } from './name-hits.ts';
import { secretKind } from './names.ts';
import { PREFILTER } from './triggers.ts';
import { urlCredentials } from './url-credentials.ts';
import { latin1 } from './text-windows.ts';

const URL_REACH = 400;
const SHORTEST = 4;
const LONGEST = 4096;
const LONGEST_NAME = 80;
const URL_START = 4; // `://` and what follows
const LEAST = 6; // of what any other text goes on for
const MOST_INSIDE = 64; // texts that are looked for one by one
const SCHEME = /^\s{0,8}[A-Za-z][\w-]{1,15}\s{1,4}(?=\S+\s{0,8}$)/;
const RUN = /[A-Za-z0-9+/_=-]{40}/;
/** Words that announce a secret only beside others, as an attribute's name does behind its object's. */
const HALF_A_NAME = /(?:key|salt|hmac|fernet)s?\d{0,3}$/i;
const SEPARATORS = new Set(Array.from('=:"\'>', (character) => character.charCodeAt(0)));
const SPACE = 0x20;

/** What is worth looking at in one `.pyc`. */
export class BytecodeLook {
  /** Texts of which one stands in every constant that holds a secret inside it; sought in base64 besides. */
  #inside: readonly string[];

  /** `bytes` are the file's. */
  constructor(bytes: Uint8Array) {
    this.#inside = textsInside(bytes);
  }

  /** Whether a constant may hold a secret inside it: a token, a URL with a password, a key, `name=value`. */
  holdsInside(text: string): boolean {
    if (text.length < SHORTEST) return false;
    for (const inside of this.#inside) if (text.includes(inside)) return true;
    return text.length >= 40 && RUN.test(text);
  }

  /** Whether code, with its constants' strings, may bind a secret to a name, or hold one inside a constant. */
  readonly wants = (code: CodeObject, texts: readonly (readonly string[])[]): boolean => {
    let candidate = false;
    for (const strings of texts) {
      for (const text of strings) {
        if (this.holdsInside(text)) return true;
        candidate ||= mayBeSecret(text);
      }
    }
    return candidate && mentionsSecret(code, texts);
  };

  /** Whether a binding may be a secret, or hold one. */
  readonly keeps = ({ value, name, others }: Binding): boolean =>
    announces(name) || others.some((other) => announces(other.name)) || this.holdsInside(value);
}

/** Whether some name, of what code may bind its constants to, announces a secret. */
function mentionsSecret(code: CodeObject, texts: readonly (readonly string[])[]): boolean {
  const lists = [code.names, code.localNames, code.localsPlus, code.cellNames, code.freeNames];
  if (isHalf(code.name) || lists.some((names) => names.some(isHalf))) return true;
  // Keywords and keys are constants; a default's name is the function's that it belongs to.
  if (texts.some((strings) => strings.some(isHalf))) return true;
  return code.constants.some(
    (constant) => isCode(constant) && (isHalf(constant.name) || constant.localNames.some(isHalf)),
  );
}

function isHalf(name: string): boolean {
  return name.length <= LONGEST_NAME && (announces(name) || HALF_A_NAME.test(name));
}

function announces(name: string): boolean {
  return secretKind(name) !== undefined || AUTHORIZATION.test(name);
}

/** What stands in the bytes that may be a secret's part inside a longer text. */
function textsInside(bytes: Uint8Array): readonly string[] {
  const found = new Set<string>();
  const note = (from: number, to: number): void => void found.add(latin1(bytes, from, to));
  PREFILTER.scan(bytes, 0, bytes.length, (target, at) => {
    if (found.size > MOST_INSIDE) return;
    switch (target.kind) {
      case 'format': {
        const { look } = target;
        if (isLikely(bytes, at, look)) note(at, at + look.from + look.count);
        break;
      }
      case 'url':
        if (urlCredentials(latin1(bytes, at, at + URL_REACH), 0)) note(at, at + URL_START);
        break;
      case 'name': {
        const end = nameEndAt(bytes, at);
        if (isSetTo(bytes, end)) note(at, end + 1);
        break;
      }
      case 'module':
        break;
      default:
        note(at, at + LEAST);
    }
  });
  return found.size > MOST_INSIDE ? [''] : [...found];
}

function isSetTo(bytes: Uint8Array, nameEnd: number): boolean {
  let at = nameEnd;
  while (at < nameEnd + 4 && bytes[at] === SPACE) at++;
  return SEPARATORS.has(bytes[at] ?? 0);
}

/** Whether a constant may be a secret as a whole, once something names it: the judge takes no others. */
export function mayBeSecret(whole: string): boolean {
  // `Bearer …`: what counts is what stands behind the scheme.
  const text = whole.length < 512 ? whole.replace(SCHEME, '') : whole;
  if (text.length < SHORTEST) return false;
  if (text.length > LONGEST) return RUN.test(text);
  // Words, names and sentences are none; a run of base64 in a longer text may hold one.
  if (/\s/.test(text)) return text.length >= 40 && RUN.test(text);
  return /\d|[^\w./-]/.test(text) || (text.length >= 16 && /[a-z][A-Z]/.test(text));
}
