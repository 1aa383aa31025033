/** A function of a text that answers from memory what it was asked lately. */

const MOST = 512; // texts whose answers are kept

/** `answer`, asked only for texts that it has not answered lately. */
export function memoised<T>(answer: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    let told = known.get(text);
    if (told === undefined) {
      if (known.size === MOST) known.clear();
      known.set(text, (told = answer(text)));
    }
    return told;
  };
}
