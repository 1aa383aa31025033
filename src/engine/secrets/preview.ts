/** Masking: what may be shown of a secret before anyone asks for all of it. */
import { SecretTree } from './secret-tree.ts';

/** `0d6a…aaad`; short secrets show less, so that what is left still takes guessing. */
export function preview(secret: string): string {
  const marker = /^-----(BEGIN|END) [A-Z0-9 ]+-----/.exec(secret);
  if (marker) return `${marker[0]}…`;
  const shown = secret.length >= 24 ? 4 : secret.length >= 12 ? 2 : 1;
  if (secret.length < 4) return '…';
  return `${secret.slice(0, shown)}…${secret.slice(-shown)}`.replace(/\s/g, ' ');
}

const SHORTEST = 4; // characters; what is shorter stands in any text

/**
 * A function that replaces every occurrence of the secrets in a text by their previews, in one pass, however many
 * there are. Of those that overlap, the longest one's preview stands for all.
 */
export function maskOf(secrets: readonly string[]): (text: string) => string {
  const tree = new SecretTree(new Set(secrets.filter(({ length }) => length >= SHORTEST)));
  // The ends that are shown of one secret may be all of another.
  const shown = (secret: string): string => replaced(preview(secret), tree, preview);
  return (text) => replaced(text, tree, shown);
}

function replaced(text: string, tree: SecretTree, by: (secret: string) => string): string {
  let out = '';
  let done = 0;
  for (let at = 0; at < text.length; at++) {
    let longest = tree.longestAt(text, at);
    if (longest === undefined) continue;
    let end = at + longest.length;
    for (let within = at + 1; within < end; within++) {
      const other = tree.longestAt(text, within);
      if (other === undefined) continue;
      end = Math.max(end, within + other.length);
      if (other.length > longest.length) longest = other;
    }
    out += text.slice(done, at) + by(longest);
    done = end;
    at = end - 1;
  }
  return done === 0 ? text : out + text.slice(done);
}
