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
  const values = bindings.map((binding) => namedValue(binding, source.path));
  return detectNamed(values, source).map(({ detection, index, url }): BytecodeDetection => {
    const binding = bindings[index] as Binding;
    const offset = indexOfText(bytes, detection.value);
    if (offset >= 0) detection.offset = offset;
    if (binding.line > 0) detection.line = binding.line;
    delete detection.column;
    return {
      detection,
      python: {
        version: versionName(compiledFrom.version),
        qualname: binding.qualname,
        name: url ? (detection.name ?? '') : binding.name,
        binding: url ? 'url' : binding.kind,
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

/** The binding's own name counts; where it says nothing, the nearest farther one that does. */
function namedValue(binding: Binding, path: string): NamedValue {
  const names = [binding.name, ...binding.others.map((other) => other.name)];
  const telling = names.find((name) => secretKind(name) !== undefined || AUTHORIZATION.test(name));
  const plural = telling === undefined ? names.find((name) => listedKind(name)) : undefined;
  // Of what a call is named by, its manual says more: `jwt.encode` takes a key, and not only a token.
  const called = telling === undefined || telling === binding.call?.callee;
  const taken = called ? takenFrom(binding) : undefined;
  const name = taken?.name ?? telling ?? plural ?? binding.name;
  return {
    name,
    value: binding.value,
    where: describe(binding),
    context: [...names.filter((other) => other !== name), binding.qualname, path],
    binding: binding.kind,
    exact: true,
    ...(binding.beside && { beside: true as const }),
    ...(taken?.kind && { called: taken.kind }),
    ...(plural !== undefined && { listed: true }),
  };
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
  subscript: 'assigned to a key',
  'dict-value': 'a value in a dictionary',
  comparison: 'compared with',
  argument: 'an argument in a call',
  returned: 'returned',
  url: 'the password in a URL that is put together',
};

function describe(binding: Binding): string {
  const where = WHERE[binding.kind];
  if (!where) return '';
  return binding.qualname === '<module>'
    ? `${where} of the module`
    : `${where} in ${binding.qualname}`;
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
