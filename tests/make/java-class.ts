/** Writes a small Java class file: a constant, and a constructor whose code a test gives. */

/** Constants of a class, numbered as they are asked for. */
class Constants {
  #bytes: number[] = [];
  #count = 1;

  get size(): number {
    return this.#count;
  }

  get bytes(): number[] {
    return this.#bytes;
  }

  #add(...bytes: number[]): number {
    this.#bytes.push(...bytes);
    return this.#count++;
  }

  utf8(text: string): number {
    const bytes = new TextEncoder().encode(text);
    return this.#add(1, ...u2(bytes.length), ...bytes);
  }

  string(text: string): number {
    return this.#add(8, ...u2(this.utf8(text)));
  }

  /** A long takes two places in the table. */
  long(): number {
    const index = this.#add(5, 0, 0, 0, 0, 0, 0, 0, 7);
    this.#count++;
    return index;
  }

  type(name: string): number {
    return this.#add(7, ...u2(this.utf8(name)));
  }

  /** A field (tag 9) or a method (tag 10). */
  member(tag: number, name: string, descriptor: string): number {
    const owner = this.type('x/Owner');
    const pair = this.#add(12, ...u2(this.utf8(name)), ...u2(this.utf8(descriptor)));
    return this.#add(tag, ...u2(owner), ...u2(pair));
  }
}

const u2 = (value: number): number[] => [(value >> 8) & 255, value & 255];
const u4 = (value: number): number[] => [...u2(value >>> 16), ...u2(value & 65535)];

const LDC_W = 0x13;
const PUTSTATIC = 0xb3;
const INVOKEVIRTUAL = 0xb6;

/**
 * A class with a constant field, a field that its initialiser stores to behind a switch, a setter that is
 * called, and a property that is put under a key.
 */
export function javaClass(secrets: {
  constant: string;
  stored: string;
  set: string;
  put: string;
}): Uint8Array {
  const pool = new Constants();
  pool.long();
  const STRING = 'Ljava/lang/String;';
  const descriptor = pool.utf8(STRING);
  const attribute = pool.utf8('ConstantValue');
  const code = pool.utf8('Code');
  const field = [
    ...u2(0x19),
    ...u2(pool.utf8('DB_PASSWORD')),
    ...u2(descriptor),
    ...u2(1),
    ...u2(attribute),
    ...u4(2),
    ...u2(pool.string(secrets.constant)),
  ];
  const load = (text: string): number[] => [LDC_W, ...u2(pool.string(text))];
  const body = [
    ...[0x03, 0xaa, 0, 0, ...u4(23), ...u4(1), ...u4(2), ...u4(23), ...u4(23)], // iconst_0, tableswitch
    ...[0xc4, 0x84, 0, 1, 0, 1], // wide iinc
    ...load(secrets.stored),
    ...[PUTSTATIC, ...u2(pool.member(9, 'apiToken', STRING))],
    ...load(secrets.set),
    ...[INVOKEVIRTUAL, ...u2(pool.member(10, 'setPassword', `(${STRING})V`))],
    ...load('db.password'),
    ...load(secrets.put),
    ...[INVOKEVIRTUAL, ...u2(pool.member(10, 'setProperty', `(${STRING}${STRING})V`))],
    ...load(secrets.put),
    0xb1, // return: nothing names this one
  ];
  const method = [
    ...u2(8),
    ...u2(pool.utf8('<clinit>')),
    ...u2(pool.utf8('()V')),
    ...u2(1),
    ...u2(code),
    ...u4(body.length + 12),
    ...[...u2(2), ...u2(0), ...u4(body.length), ...body, ...u2(0), ...u2(0)],
  ];
  const self = pool.type('x/Settings');
  const parent = pool.type('java/lang/Object');
  const interfaces = [...u2(1), ...u2(pool.type('java/lang/Runnable'))];
  return new Uint8Array([
    ...[0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 61],
    ...[...u2(pool.size), ...pool.bytes],
    ...[...u2(0x21), ...u2(self), ...u2(parent), ...interfaces],
    ...[...u2(1), ...field, ...u2(1), ...method, ...u2(0)],
  ]);
}
