/** Ethereum's keystores (Web3 Secret Storage, version 3): a private key in AES under a password. */
import type { KeyContent } from './key-content.ts';

/** The cipher that all of them have. */
export const ETHEREUM_CIPHER = '"aes-128-ctr"';
const REACH = 2048; // characters
const CRYPTO = /"crypto"\s{0,8}:\s{0,8}\{/i;
const MAC = /"mac"\s{0,8}:\s{0,8}"[0-9a-f]{64}"/i;
const TEXT = /"ciphertext"\s{0,8}:\s{0,8}"([0-9a-f]{64})"/i;
const KDF = /"kdf"\s{0,8}:\s{0,8}"(scrypt|pbkdf2)"/i;
const ADDRESS = /"address"\s{0,8}:\s{0,8}"(?:0x)?([0-9a-f]{40})"/i;

/** The keystore whose cipher stands at `at`: its value is the encrypted key. */
export function ethereumKeyAt(
  text: string,
  at: number,
): (KeyContent & { block: string; start: number }) | undefined {
  const from = Math.max(0, at - REACH);
  const around = text.slice(from, at + REACH);
  const secret = TEXT.exec(around);
  const kdf = KDF.exec(around)?.[1];
  if (!secret?.[1] || kdf === undefined || !MAC.test(around) || !CRYPTO.test(around))
    return undefined;
  const address = ADDRESS.exec(around)?.[1];
  const facts = {
    encryption: `aes-128-ctr, ${kdf.toLowerCase()}`,
    ...(address !== undefined && { address: `0x${address.toLowerCase()}` }),
  };
  const start = from + secret.index + secret[0].length - 1 - secret[1].length;
  return { kind: 'Ethereum', encrypted: true, facts, why: [], block: secret[1], start };
}
