/** Masking: what may be shown of a secret before anyone asks for all of it. */

/** `0d6a…aaad`; short secrets show less, so that what is left still takes guessing. */
export function preview(secret: string): string {
  const marker = /^-----(BEGIN|END) [A-Z0-9 ]+-----/.exec(secret);
  if (marker) return `${marker[0]}…`;
  const shown = secret.length >= 24 ? 4 : secret.length >= 12 ? 2 : 1;
  if (secret.length < 4) return '…';
  return `${secret.slice(0, shown)}…${secret.slice(-shown)}`.replace(/\s/g, ' ');
}

/** Replaces every occurrence of the secrets in a text by their previews, longest first. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  let masked = text;
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    if (secret.length >= 4 && masked.includes(secret))
      masked = masked.split(secret).join(preview(secret));
  }
  return masked;
}
