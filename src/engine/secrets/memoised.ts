/** A function of a text that answers from memory what it was asked lately. */

const MOST = 512; // texts whose answers are kept

/** `answer`, asked only for texts that it has not answered lately. */
export function memoised<T>(answer: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  let last: string | undefined;
  let told: T;
  return (text) => {
    // Nearly always it is the same text again, whose hash need not be made.
    if (text === last) return told;
    last = text;
    told = known.get(text) ?? answer(text);
    if (known.size === MOST) known.clear();
    known.set(text, told);
    return told;
  };
}
