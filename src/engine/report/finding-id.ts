/** A finding's identity, which must be the same in every scan and must not give the secret away. */
import { Sha256, toHex } from '../archive/sha256.ts';

const ROUNDS = 2_000; // makes guessing a short password from a published report slow
const LENGTH = 20; // hex digits: 80 bits

/** The id of a secret under a rule. */
export function findingId(rule: string, secret: string): string {
  const sha = new Sha256();
  const hash = sha.update(new TextEncoder().encode(`porthole\0${rule}\0${secret}`)).digest();
  for (let i = 0; i < ROUNDS; i++) sha.update(hash).digest(hash);
  return toHex(hash).slice(0, LENGTH);
}
