/** JSON from an archive: bounded, tolerant of a byte order mark, and read without trusting any shape. */

/** A parsed JSON value of unknown shape. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Parses JSON bytes; undefined where they are none. */
export function parseJson(bytes: Uint8Array): Json | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Json;
  } catch {
    return undefined; // malformed, or nested beyond the parser's own stack
  }
}

/** A field of an object, by its name in any case: jib before 2.3 wrote `config`, `repoTags`, `layers`. */
export function field(value: Json | undefined, name: string): Json | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  if (Object.hasOwn(value, name)) return value[name];
  const lower = name.toLowerCase();
  for (const key of Object.keys(value)) if (key.toLowerCase() === lower) return value[key];
  return undefined;
}

/** A field that is a string, else an empty one. */
export function text(value: Json | undefined, name: string): string {
  const found = field(value, name);
  return typeof found === 'string' ? found : '';
}

/** A field that is a list, else an empty one. */
export function list(value: Json | undefined, name: string): Json[] {
  const found = field(value, name);
  return Array.isArray(found) ? found : [];
}

/** The strings of a field that is a list of them. */
export function texts(value: Json | undefined, name: string): string[] {
  return list(value, name).filter((item): item is string => typeof item === 'string');
}

/** The entries of an object whose values are strings. */
export function textEntries(value: Json | undefined): [string, string][] {
  if (value === null || value === undefined || typeof value !== 'object' || Array.isArray(value)) {
    return [];
  }
  return Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
}
