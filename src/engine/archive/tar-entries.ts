/** Pull-style reading of a tar whose entries are few and large: an outer archive, front to back. */
import type { Problem } from './problem.ts';
import type { ByteStream } from './read-blob.ts';
import { type TarEvent, type TarHeader, TarReader } from './tar.ts';

/** An entry and its content; the content must be read, or left, before the next entry is asked for. */
export interface TarEntry {
  header: TarHeader;
  content: ByteStream;
}

/** Iterates the entries of a tar stream. Damage ends the iteration and is told to `onProblem`. */
export async function* tarEntries(
  source: ByteStream,
  onProblem: (problem: Problem) => void,
): AsyncGenerator<TarEntry, void, undefined> {
  const events = tarEvents(source, onProblem);
  for (;;) {
    const next = await events.next();
    if (next.done) return;
    if (next.value.type !== 'entry') continue;
    let inside = true;
    const content = (async function* () {
      while (inside) {
        const event = await events.next();
        if (event.done || event.value.type === 'end') inside = false;
        else if (event.value.type === 'data') yield event.value.bytes;
      }
    })();
    yield { header: next.value.header, content };
    while (inside) {
      const event = await events.next();
      if (event.done || event.value.type === 'end') inside = false;
    }
  }
}

async function* tarEvents(
  source: ByteStream,
  onProblem: (problem: Problem) => void,
): AsyncGenerator<TarEvent, void, undefined> {
  const reader = new TarReader(onProblem);
  for await (const chunk of source) yield* reader.push(chunk);
  yield* reader.end();
}
