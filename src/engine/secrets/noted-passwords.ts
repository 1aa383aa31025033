/**
 * Passwords in sentences of notes: `The password for the router is …`, `wifi password …`. Only in an image's own
 * texts, and only what is mixed as no word of a sentence is.
 */
import { fileKind } from './file-kind.ts';
import type { FileReader, ReadValue } from './file-readers.ts';
import { isWordless } from './generic-confidence.ts';

const NOTES = /\.(?:txt|text|md|org|eml)$|(?:^|\/)(?:notes?|todo|passwords?|logins?|readme)$/i;
const SENTENCE =
  /\b((?:pass(?:word|phrase)|passwd)(?:[ ](?:for|of|to|on)[ ][\w' .@-]{1,60}?)?(?:[ ](?:is|was)(?:[ ]now)?)?:?[ ]["'`]?)([^\s"'`]{8,64}?)["'`]?(?=[.,;)]?(?:[ ]\(|[ \t]*\r?$))/gim;
/** What is said of how passwords are kept. */
const KEPT = /^(?:base|sha|utf|md5|aes|pbkdf|argon|bcrypt|https?:)|[/\\<>{}()[\]]/i;

function readNotes(text: string, _bytes: Uint8Array, path: string): ReadValue[] {
  const { vendor, test, messages } = fileKind(path);
  if (!NOTES.test(path) || vendor || test || messages) return [];
  return [...text.matchAll(SENTENCE)].flatMap(({ index, 1: before = '', 2: value = '' }) => {
    if (KEPT.test(value) || !isMixed(value)) return [];
    return [
      { name: 'password', at: index + before.length, length: value.length, where: 'in a sentence' },
    ];
  });
}

/** Digits among letters of both cases in no order that a name has, or beside a sign. */
function isMixed(value: string): boolean {
  if (!/\d/.test(value) || !/[a-z]/i.test(value)) return false;
  return (
    /[!#$%^&*?~+=@]/.test(value) ||
    (/[a-z]/.test(value) && /[A-Z]/.test(value) && isWordless(value))
  );
}

/** The reader for notes that speak of a password. */
export const NOTES_READER: FileReader = {
  triggers: [
    'assword is',
    'assword was ',
    'assword for ',
    'assword of ',
    'assword to ',
    'assword on ',
    'wifi password ',
    'WiFi password ',
    'Wi-Fi password ',
  ],
  read: readNotes,
};
