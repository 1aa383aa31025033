/** Bytes as dense with branches of six processors as no program is, for the filters that xz has for machine code. */

const STARTS = [0xe8, 0xe9, 0x00, 0xff, 0xeb, 0xf0, 0xf8, 0x48, 0x94, 0x90, 0x40, 0x7f, 0xb0, 0x01];

/** 5,003 bytes, the same every time. */
export function branchingCode(): Uint8Array {
  let state = 1;
  const next = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 16) % below;
  };
  return Uint8Array.from({ length: 5003 }, () =>
    next(4) > 0 ? (STARTS[next(STARTS.length)] as number) : next(256),
  );
}
