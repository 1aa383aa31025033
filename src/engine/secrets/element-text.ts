/** Values of elements: of a hash in Perl or PHP, and of JSON in an attribute of a page. */
import type { TextWindow } from './named-text.ts';
import { exact, type Found, quoted } from './value-text.ts';

const ELEMENT = /["']?\}[ \t]{0,4}(?:(?:\/\/|\|\|)?=(?!~)=?|eq(?=[ ])|ne(?=[ ]))[ \t]{0,8}(["'])/y;
const ELEMENT_BEFORE = /(?:->|\}|\$\w{1,64})\{["']?$/;

/** An element of a hash: `$h->{password} = "…"`, `$ENV{TOKEN} //= "…"`. */
export function elementValue(window: TextWindow, start: number, end: number): Found | undefined {
  const { text } = window;
  ELEMENT.lastIndex = end;
  const quote = ELEMENT.exec(text)?.[1];
  if (quote === undefined || !ELEMENT_BEFORE.test(text.slice(Math.max(0, start - 72), start)))
    return undefined;
  return quoted(window, ELEMENT.lastIndex, quote);
}

const ENTITY_VALUE =
  /&(?:quot|#34);\s{0,4}:\s{0,4}&(?:quot|#34);((?:(?!&(?:quot|#34);)[^"<>\n]){1,512})&(?:quot|#34);/y;

/** A field of JSON in an attribute of a page, its quotes as entities. */
export function entityValue({ text }: TextWindow, start: number, end: number): Found | undefined {
  if (text[start - 1] !== ';') return undefined;
  ENTITY_VALUE.lastIndex = end;
  const [whole = '', value = ''] = ENTITY_VALUE.exec(text) ?? [];
  if (value === '') return undefined;
  const at = end + whole.lastIndexOf(value);
  return exact(text, at, at + value.length, 'entities');
}
