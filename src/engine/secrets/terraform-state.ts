/**
 * Passwords in Terraform's state, which keeps them in clear: what `random_password` drew, and outputs marked as
 * sensitive. Described in HashiCorp's manual, `State: Sensitive Data`, and its provider `random`.
 */
import type { ReadValue } from './file-readers.ts';
import { type JsonLeaf, jsonLeaves } from './json-leaves.ts';

const DRAWN = new Set(['random_password', 'random_string']);

/** The secrets of a state of format version 4. */
export function readTerraformState(text: string): ReadValue[] {
  const leaves = jsonLeaves(text);
  const types = new Map<string, string>();
  const sensitive = new Set<string>();
  for (const { path, raw } of leaves) {
    const [first, second = '', third] = path;
    if (first === 'resources' && third === 'type') types.set(second, raw);
    if (first === 'outputs' && third === 'sensitive' && raw === 'true') sensitive.add(second);
  }
  return leaves.flatMap((leaf) => {
    const [first, second = '', third] = leaf.path;
    if (!leaf.quoted || leaf.raw.length < 4) return [];
    if (first === 'outputs' && third === 'value' && sensitive.has(second))
      return [secret(leaf, second, 'an output marked as sensitive in a Terraform state')];
    const type = first === 'resources' ? types.get(second) : undefined;
    if (type === undefined || !DRAWN.has(type) || leaf.path.at(-1) !== 'result') return [];
    return [secret(leaf, `${type}.result`, 'drawn by Terraform and kept in its state')];
  });
}

function secret({ raw, at }: JsonLeaf, name: string, where: string): ReadValue {
  const plain = raw.replace(
    /\\(?:u([0-9a-fA-F]{4})|(["\\/]))/g,
    (_all, code?: string, sign?: string) =>
      code === undefined ? (sign ?? '') : String.fromCharCode(parseInt(code, 16)),
  );
  const value: ReadValue = { name, at, length: raw.length, kind: 'password', where };
  return plain === raw ? value : { ...value, value: plain };
}
