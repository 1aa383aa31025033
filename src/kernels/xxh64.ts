/**
 * The steps of XXH64 (xxhash.com, specification 0.1.1) over whole stripes. AssemblyScript: `npm run kernels` compiles it.
 * JavaScript's fast integers have 32 bits: there the same takes ten times as long.
 */

/** The four lanes, which the host writes before and reads behind. */
export const LANES: usize = 0x600;
/** Where up to `INPUT_SIZE` bytes are written. */
export const INPUT: usize = 0x800;
export const INPUT_SIZE: usize = 0xf000;

const P1: u64 = 0x9e3779b185ebca87;
const P2: u64 = 0xc2b2ae3d27d4eb4f;
const STRIPE: usize = 32;

/** Takes the `length` bytes at `INPUT`, a multiple of 32. */
export function update(length: usize): void {
  let a = load<u64>(LANES);
  let b = load<u64>(LANES, 8);
  let c = load<u64>(LANES, 16);
  let d = load<u64>(LANES, 24);
  for (let at = INPUT; at < INPUT + length; at += STRIPE) {
    a = rotl(a + load<u64>(at) * P2, 31) * P1;
    b = rotl(b + load<u64>(at, 8) * P2, 31) * P1;
    c = rotl(c + load<u64>(at, 16) * P2, 31) * P1;
    d = rotl(d + load<u64>(at, 24) * P2, 31) * P1;
  }
  store<u64>(LANES, a);
  store<u64>(LANES, b, 8);
  store<u64>(LANES, c, 16);
  store<u64>(LANES, d, 24);
}
