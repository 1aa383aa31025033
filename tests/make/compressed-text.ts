/** The text behind the fixtures of `tests/fixtures/compressed`, which zstd, xz and bzip2 made of it. */

const WORDS =
  'layer image config blob digest whiteout opaque entry archive manifest token secret default'.split(
    ' ',
  );

/** 300,000 bytes, the same every time: words with numbers between them, and a stretch of one letter. */
export function compressedText(): Uint8Array {
  let state = 7;
  const next = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % below;
  };
  let text = 'a'.repeat(3000);
  while (text.length < 300_000)
    text += next(9) === 0 ? `${next(1e6)}\n` : `${WORDS[next(WORDS.length)] ?? ''} `;
  return new TextEncoder().encode(text.slice(0, 300_000));
}
