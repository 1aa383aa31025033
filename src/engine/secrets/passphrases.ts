/**
 * Passwords and signing secrets of several words with blanks between them: `my tulip garden`, `blue tiger7`. Labels,
 * messages and titles look the same: they are told by the words that sentences and programs are made of.
 */
import { TALK } from './chosen-passwords.ts';
import { halfNames, LABEL, NAMING } from './naming-words.ts';

const PHRASE = /^[A-Za-z][A-Za-z0-9]{0,15}(?: [A-Za-z0-9]{1,16}){1,6}[!?]{0,2}$/;
/** What joins words to sentences, beside what labels of forms say. */
const GRAMMAR =
  /\b(?:an?|at|by|on|it|its|as|if|or|so|no|yes|be|been|was|were|has|have|had|do|does|did|can|cannot|could|will|would|shall|may|than|then|that|this|these|those|they|them|we|he|she|any|all|each|every|from|when|while|where|which|who|why|how|least|most|more|less|too|very|same|both|only|also|up|out|off|per|via|see|get|set|add|go|try|make|choose|keep|leave|on|long|short|strong|weak|upper|lower|letters?|digits?|characters?|chars?|bytes?|bits?|minutes?|hours?|days?|sha\d*|md5|aes|rsa|utf\d*|v\d)\b/i;

/** Whether a value has the form of words with blanks between them. */
export function mayBePhrase(value: string): boolean {
  return PHRASE.test(value);
}

/** Whether a phrase is a sentence, a label or the name of a thing, and not what somebody made up. */
export function isSentence(phrase: string): boolean {
  if (TALK.test(phrase) || GRAMMAR.test(phrase) || LABEL.test(phrase)) return true;
  // Titles and sentences begin with a capital.
  if (/[A-Z]/.test(phrase) && !/\d/.test(phrase)) return true;
  const words = phrase
    .toLowerCase()
    .split(' ')
    .map((word) => word.replace(/[\d!?]+$/, ''));
  const names = words.filter((word) => halfNames(word) || halfNames(word.replace(/s$/, '')));
  return (
    words.every((word) => word === '') ||
    words.some((word) => NAMING.has(word) || NAMING.has(word.replace(/s$/, ''))) ||
    names.length * 2 >= words.length
  );
}

/** Whether it takes an account's name, or a file of settings, to tell that a phrase is a password: two words alone. */
export function isShortPhrase(phrase: string): boolean {
  return phrase.split(' ').length === 2 && !/\d/.test(phrase);
}
