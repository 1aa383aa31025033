/** A `.pyc` file's constants as named values, judged. */
import type { Binding } from '../python/binding.ts';
import { bindingsOf } from '../python/bindings.ts';
import {
  type CompiledFrom,
  decodeParts,
  decodePyc,
  salvagedBindings,
  skimPyc,
} from '../python/pyc.ts';
import { type PythonVersion, versionName } from '../python/version.ts';
import { BytecodeLook } from '../secrets/bytecode-look.ts';
import { takenAs, type Taken } from '../secrets/called-secrets.ts';
import { type FileKind, fileKind } from '../secrets/file-kind.ts';
import type { Detection, NamedValue } from '../secrets/finding.ts';
import { listedKind } from '../secrets/list-text.ts';
import { AUTHORIZATION } from '../secrets/name-hits.ts';
import { secretKind } from '../secrets/names.ts';
import { detectNamed } from '../secrets/named-values.ts';
import { mayHoldWords } from '../secrets/word-passwords.ts';

/** What bytecode tells of a detection; `source` is found out once the file system is known. */
export interface PythonEvidence {
  /** `3.11` */
  version: string;
  qualname: string;
  name: string;
  binding: Binding['kind'];
  /** Source line, 0 where unknown. */
  line: number;
}

/** A detection in bytecode. */
export interface BytecodeDetection {
  detection: Detection;
  python: PythonEvidence;
  compiledFrom: CompiledFrom;
  /** The whole constant, to be looked for in the source. */
  constant: string;
}

/** The outcome for one file. */
export interface BytecodeScan {
  detections: BytecodeDetection[];
  /** Why it was not, or not wholly, decoded; part of a sentence. */
  error: string | undefined;
  /** False where nothing at all could be decoded, so that the raw bytes want scanning. */
  decoded: boolean;
  /** What the file says of itself, where it was decoded. */
  file: CompiledFrom | undefined;
}

/**
 * Decodes and judges a `.pyc`, or bare marshalled code, of which `hint` says what wrote it. Never throws.
 */
export function scanBytecode(
  bytes: Uint8Array,
  file: FileKind,
  hint?: PythonVersion,
): BytecodeScan {
  // A person's own settings may hold any words for a password.
  const { settings, config } = fileKind(sourceName(file.path));
  const source = { ...file, settings, config, code: true };
  const look = settings || config ? undefined : new BytecodeLook(bytes, mayHoldWords(file));
  const skimmed = look && skimPyc(bytes, look);
  if (!skimmed) return scanWhole(bytes, source, hint);
  const { from, index } = skimmed;
  const selection = look.select(index);
  const parts = selection && decodeParts(bytes, from, selection);
  if (selection && !parts) return scanWhole(bytes, source, hint);
  const bindings = parts ? bindingsOf(parts.code, from.version, parts).filter(look.keeps) : [];
  const detections = detectBound(bindings, bytes, source, from);
  return { detections, error: undefined, decoded: true, file: from };
}

/** Decodes all there is: of what is damaged or of no known version, and where any word may be a secret. */
function scanWhole(
  bytes: Uint8Array,
  source: FileKind,
  hint: PythonVersion | undefined,
): BytecodeScan {
  const module = decodePyc(bytes, hint);
  const { code, version, header, error } = module;
  // Other implementations' files give their strings; what else does not decode is scanned as raw bytes.
  const foreign = ['jython', 'graalpy', 'rustpython'].includes(version.implementation);
  if (!code && !foreign) return { detections: [], error, decoded: false, file: undefined };
  const from: CompiledFrom = { header, version, fileName: code?.fileName ?? '' };
  const bindings = code ? bindingsOf(code, version) : [];
  for (const binding of salvagedBindings(module)) bindings.push(binding);
  const detections = detectBound(bindings, bytes, source, from);
  return { detections, error, decoded: true, file: code && from };
}

/** Judges what constants are bound to. */
function detectBound(
  bindings: readonly Binding[],
  bytes: Uint8Array,
  source: FileKind,
  compiledFrom: CompiledFrom,
): BytecodeDetection[] {
  const told = bindings.map((binding) => namedValue(binding, source.path));
  const values = told.map(({ named }) => named);
  return detectNamed(values, source).map(({ detection, index, url }): BytecodeDetection => {
    const binding = bindings[index] as Binding;
    const { by } = told[index] as Told;
    const offset = indexOfText(bytes, detection.value);
    if (offset >= 0) detection.offset = offset;
    if (binding.line > 0) detection.line = binding.line;
    delete detection.column;
    return {
      detection,
      python: {
        version: versionName(compiledFrom.version),
        qualname: binding.qualname,
        name: url ? (detection.name ?? '') : by.name,
        binding: url ? 'url' : by.kind,
        line: binding.line,
      },
      compiledFrom,
      constant: binding.value,
    };
  });
}

/** The path that the source would have: what a file is for, its source's name says. */
function sourceName(path: string): string {
  return path.replace(/__pycache__\//, '').replace(/(\.[\w-]+)?\.py[co]$/, '.py');
}

/** A constant with the name that it is judged by, and how that one is tied to it. */
interface Told {
  named: NamedValue;
  by: Fact;
}

type Fact = Pick<Binding, 'kind' | 'name'>;

/** The binding's own name counts; where it says nothing, the nearest farther one that does. */
function namedValue(binding: Binding, path: string): Told {
  const { kind, name: own, others, value, call, qualname } = binding;
  const nearest: Fact = { kind, name: own };
  const facts = [nearest, ...others];
  const telling = facts.find(tells);
  const plural = telling ? undefined : facts.find(({ name }) => listedKind(name));
  // Of what a call is named by, its manual says more: `jwt.encode` takes a key, and not only a token.
  const called = !telling || telling.name === call?.callee;
  const taken = called ? takenFrom(binding) : undefined;
  const callee: Fact | undefined = taken && call && { kind: 'argument', name: call.callee };
  const by = callee ?? telling ?? plural ?? nearest;
  const name = taken?.name ?? (isVerb(by) ? '' : by.name);
  const farther = facts.flatMap((other) => (other.name === name ? [] : [other.name]));
  const named: NamedValue = {
    name,
    value,
    where: describe(by, qualname),
    context: [...farther, qualname, path],
    binding: by.kind,
    exact: true,
    ...(binding.beside && { beside: true as const }),
    ...(taken?.kind && { called: taken.kind }),
    ...(plural && { listed: true as const }),
  };
  return { named, by };
}

/** Whether a name announces a secret. */
function tells(fact: Fact): boolean {
  const { name } = fact;
  return !isVerb(fact) && (secretKind(name) !== undefined || AUTHORIZATION.test(name));
}

/** Whether a call's name says what it does, though as a value's it would announce a secret: `pin("…")`. */
function isVerb({ kind, name }: Fact): boolean {
  return kind === 'argument' && /^(?:pin|key)$/i.test(name);
}

/** What the call takes a constant for, by its last names: `self.ssh.connect` is `ssh.connect`. */
function takenFrom({ kind, name, call, value }: Binding): Taken | undefined {
  if (kind === 'url') return { name: name || 'URL', kind: 'password' };
  if (!call) return undefined;
  const words = call.callee.split('.');
  const taken = takenAs(words.at(-2) ?? '', words.at(-1) ?? '', call.argument, value);
  return taken?.name ? taken : undefined;
}

const WHERE: Partial<Record<Binding['kind'], string>> = {
  'default-argument': 'a default argument',
  'keyword-argument': 'a keyword argument in a call',
  variable: 'assigned to a variable',
  attribute: 'assigned to an attribute',
  subscript: 'assigned to an item',
  'dict-value': 'a value in a dictionary',
  comparison: 'in a comparison',
  argument: 'an argument in a call',
  returned: 'returned',
  url: 'the password in a URL that is put together',
};

function describe({ kind }: Fact, qualname: string): string {
  const where = WHERE[kind];
  if (!where) return '';
  return qualname === '<module>' ? `${where} at module level` : `${where} in ${qualname}`;
}

function indexOfText(bytes: Uint8Array, text: string): number {
  const needle = new TextEncoder().encode(text);
  if (needle.length === 0) return -1;
  const first = needle[0] as number;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let i = 1;
    while (i < needle.length && bytes[at + i] === needle[i]) i++;
    if (i === needle.length) return at;
  }
  return -1;
}
