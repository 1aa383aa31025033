/** Serialised objects by their first bytes: Python's pickles, Apple's binary property lists. */
import { readPickles, startsLikePickle } from './pickle.ts';
import type { ValueSink } from './placed-values.ts';
import { readPropertyList, startsLikePropertyList } from './property-list.ts';

/**
 * Hands on what a serialised object holds. `name` is what the object is bound to, or empty; `base` is where
 * its first byte stands in the file. False where the bytes are no such object, or end before it does.
 */
export function readSerialised(
  bytes: Uint8Array,
  name: string,
  sink: ValueSink,
  base: number,
): boolean {
  if (startsLikePickle(bytes)) return readPickles(bytes, name, sink, base);
  return startsLikePropertyList(bytes) && readPropertyList(bytes, name, sink, base);
}
