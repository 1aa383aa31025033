/** What a private key's body proves to be: the common answer of every reader of keys in this folder. */
import { describeKey, type PublicKey, spkiFingerprint, sshFingerprint } from './public-key.ts';

/** As much of a private key as tells whether it signed something. */
export type Signer =
  | { kind: 'RSA'; n: Uint8Array; e: Uint8Array }
  | { kind: 'EC'; curve: string; secret: Uint8Array }
  | { kind: 'Ed25519' | 'Ed448'; secret: Uint8Array };

/** A private key that has been read. */
export interface KeyContent {
  /** `RSA`, `EC`, `DSA`, `PKCS #8`, `OpenSSH`, `PGP`, `PuTTY`, `SSH2`, `JWK`, `XML`: the form that it is written in. */
  kind: string;
  encrypted: boolean;
  /** Plain keys and values: algorithm, fingerprints, comment, user. */
  facts: Record<string, string>;
  why: string[];
  /** Of RSA keys and those on named curves that sign, where they are not encrypted. */
  signer?: Signer;
}

/** Facts of a public key: what it is, and by which fingerprints it can be searched for. */
export function publicFacts(key: PublicKey): Record<string, string> {
  const ssh = sshFingerprint(key);
  const spki = spkiFingerprint(key);
  return {
    algorithm: describeKey(key),
    ...(ssh !== undefined && { fingerprint: ssh }),
    ...(spki !== undefined && { 'SPKI SHA-256': spki }),
  };
}

/** What tells whether a key pair signed something; undefined for those that do not sign tokens. */
export function signerOf(key: PublicKey, secret: Uint8Array): Signer | undefined {
  switch (key.kind) {
    case 'RSA':
      return key;
    case 'EC':
      return { kind: 'EC', curve: key.curve, secret };
    case 'Ed25519':
    case 'Ed448':
      return { kind: key.kind, secret };
    default:
      return undefined;
  }
}
