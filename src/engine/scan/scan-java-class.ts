/** A Java class's strings as named values, judged. */
import { type ClassBinding, classBindings } from '../java/bindings.ts';
import { ClassFile, TAG } from '../java/class-file.ts';
import { commandLine } from '../python/command-words.ts';
import { holdsInside, mayBeSecret, mayName } from '../secrets/bytecode-look.ts';
import { isBareToken } from '../secrets/bare-tokens.ts';
import { takenAs } from '../secrets/called-secrets.ts';
import type { FileKind } from '../secrets/file-kind.ts';
import type { Detection, NamedValue } from '../secrets/finding.ts';
import { lookAtStart } from '../secrets/format-triggers.ts';
import { secretKind } from '../secrets/names.ts';
import { detectNamed } from '../secrets/named-values.ts';
import { mayHoldWords } from '../secrets/word-passwords.ts';

/** The outcome for one class. */
export interface ClassScan {
  detections: Detection[];
  /** Why it was not wholly decoded; part of a sentence. */
  error: string | undefined;
}

const PARENTHESIS = 0x28;
const SEMICOLON = 0x3b;
const LONGEST_TEXT = 65_535; // bytes, as the format has it
/** What runs a command: its words need no name. */
const RUNNERS = ['exec', 'java/lang/ProcessBuilder'];
/** Settings with what holds where they are not set, as Spring and MicroProfile write them. */
const SETTING = /^[$#]\{([\w.-]{1,128}):([^{}]{4,1024})\}$/;

/** Decodes and judges a class. Never throws. */
export function scanJavaClass(bytes: Uint8Array, file: FileKind): ClassScan {
  const decoded = new ClassFile(bytes);
  const own = mayHoldWords(file);
  const textOf = (index: number): string => decoded.utf8(index, LONGEST_TEXT);
  const mayBe = (index: number): boolean => mayBeSecret(textOf(index), own);
  const texts = [...decoded.texts];
  const all = texts.some((index) => isToken(decoded, index)) || holdsInside(decoded.joined(texts));
  // Most classes hold no text that could be a secret, and need not be walked.
  if (!all && !(texts.some(mayBe) && holdsName(decoded, own)))
    return { detections: [], error: decoded.error };
  const wanted = all ? decoded.texts : new Set(texts.filter(mayBe));
  const bindings = classBindings(decoded, wanted);
  const valueOf = ({ text, command }: ClassBinding): string =>
    command ? commandLine(command.map((word) => (word > 0 ? textOf(word) : '…'))) : textOf(text);
  const values = bindings.map((binding) => namedValue(binding, valueOf(binding), file.path));
  const detections = detectNamed(values, { ...file, code: true }).map(({ detection, index }) => {
    const binding = bindings[index] as ClassBinding;
    const holds = (word: number): boolean => word > 0 && textOf(word).includes(detection.value);
    const text = binding.command?.find(holds) ?? binding.text;
    const inside = textOf(text).indexOf(detection.value);
    detection.offset = decoded.stretch(text).at + Math.max(0, inside);
    delete detection.line;
    delete detection.column;
    return detection;
  });
  return { detections: oncePerText(detections), error: decoded.error };
}

/** Whether a text begins as a token does, or is one that proves itself. */
function isToken(file: ClassFile, index: number): boolean {
  const { at, length } = file.stretch(index);
  if (lookAtStart(file.bytes, at, at + length)) return true;
  return isBareToken(file.bytes.subarray(at, at + length));
}

/** Whether something in a class has a name that announces a secret; in most nothing has. */
function holdsName(file: ClassFile, own: boolean): boolean {
  for (let i = 1; i < file.count; i++) {
    if (file.tag(i) !== TAG.utf8) continue;
    const { at, length } = file.stretch(i);
    // What describes types, `(I)V` or `Ljava/lang/String;`, names nothing.
    if (file.bytes[at] === PARENTHESIS || file.bytes[at + length - 1] === SEMICOLON) continue;
    if (mayName(file.bytes, at, at + length, own)) return true;
    if (own && RUNNERS.some((name) => name.length === length && file.utf8(i) === name)) return true;
  }
  return false;
}

function namedValue(binding: ClassBinding, value: string, path: string): NamedValue {
  const { owner, line, where, call } = binding;
  const taken = call && takenAs(call.owner, call.callee, call.argument, value);
  const names = [...(taken?.name ? [taken.name] : []), ...binding.names];
  // What stands beside a call's secret is its user, its host, its algorithm.
  const beside = taken?.name === '';
  const telling = beside ? '' : (taken?.name ?? names.find((name) => secretKind(name)));
  const setting = SETTING.exec(value);
  const name = setting?.[1] ?? telling ?? names[0] ?? '';
  const place = where === '' ? '' : `${where} in ${owner}${line > 0 ? `, line ${line}` : ''}`;
  return {
    name,
    value: setting?.[2] ?? value,
    where: place,
    context: [...names.filter((other) => other !== name), owner, path],
    exact: true,
    ...(taken?.kind && telling === taken.name && { called: taken.kind }),
  };
}

/** A text that is used several times is one secret: the use that says most stays. */
function oncePerText(detections: readonly Detection[]): Detection[] {
  const best = new Map<string, Detection>();
  for (const detection of detections) {
    const key = `${detection.offset} ${detection.value}`;
    const known = best.get(key);
    if (!known || (!known.name && detection.name)) best.set(key, detection);
  }
  return [...best.values()];
}
