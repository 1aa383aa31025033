/** Lines and columns of offsets in a text that streams by, each byte looked at once. */

/** Follows a text from its start; offsets are asked for in rising order. */
export class TextPosition {
  /** Bytes from the start of the text. */
  #offset = 0;
  #line = 1;
  #column = 1;

  reset(): void {
    this.#offset = 0;
    this.#line = 1;
    this.#column = 1;
  }

  /** 1-based. */
  get line(): number {
    return this.#line;
  }

  /** 1-based, in characters of UTF-8. */
  get column(): number {
    return this.#column;
  }

  /** Goes on to `offset`; `bytes` holds the text from `start` on, and all of what is passed over. */
  advance(bytes: Uint8Array, start: number, offset: number): void {
    if (offset <= this.#offset) return;
    let from = this.#offset - start;
    const to = offset - start;
    for (let i = bytes.indexOf(0x0a, from); i >= 0 && i < to; i = bytes.indexOf(0x0a, i + 1)) {
      this.#line++;
      this.#column = 1;
      from = i + 1;
    }
    this.#column += characters(bytes, from, to);
    this.#offset = offset;
  }
}

/** Bytes that begin a character. */
function characters(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) if (((bytes[i] as number) & 0xc0) !== 0x80) count++;
  return count;
}
