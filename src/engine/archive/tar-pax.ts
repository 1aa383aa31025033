/** pax extended headers (POSIX.1-2017, "pax Extended Header"): `"%d %s=%s\n"` records. */
import { utf8Text } from './plain-text.ts';

/** The records of an extended header; a later one wins. */
export class Pax {
  /** All records in order, since sparse format 0.0 repeats its keys. */
  readonly records: { key: string; value: Uint8Array }[] = [];
  /** Set where a record could not be read; those before it count. */
  problem: string | undefined;

  read(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      let length = 0;
      let i = at;
      for (; i < bytes.length && bytes[i] !== 0x20; i++) {
        const digit = (bytes[i] as number) - 0x30;
        if (digit < 0 || digit > 9 || i - at > 7) {
          if (bytes.subarray(at).some((byte) => byte !== 0)) this.problem = PROBLEM;
          return;
        }
        length = length * 10 + digit;
      }
      const end = at + length;
      const equals = bytes.indexOf(0x3d, i + 1);
      if (i === at || end > bytes.length || end <= i + 1 || equals < 0 || equals >= end) {
        this.problem = PROBLEM;
        return;
      }
      this.records.push({
        key: utf8Text(bytes.subarray(i + 1, equals)),
        value: bytes.slice(equals + 1, bytes[end - 1] === 0x0a ? end - 1 : end),
      });
      at = end;
    }
  }

  /** The value of a key; an empty one deletes the key. */
  bytes(key: string): Uint8Array | undefined {
    for (let i = this.records.length - 1; i >= 0; i--) {
      const record = this.records[i];
      if (record?.key === key) return record.value.length > 0 ? record.value : undefined;
    }
    return undefined;
  }

  text(key: string): string | undefined {
    const bytes = this.bytes(key);
    return bytes && utf8Text(bytes);
  }

  /** A decimal number, fractions and signs allowed; undefined where there is none or it is malformed. */
  number(key: string): number | undefined {
    const text = this.text(key);
    return text !== undefined && /^-?\d{1,20}(\.\d*)?$/.test(text) ? Number(text) : undefined;
  }
}

const PROBLEM =
  'An extended header of this entry is malformed; it was used as far as it could be read.';
