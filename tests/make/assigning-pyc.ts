/** A `.pyc` of Python 3.11 that assigns one string to one name, marshalled by hand. */

const MAGIC_311 = 3495;
const LOAD_CONST = 100;
const STORE_NAME = 90;
const RETURN_VALUE = 83;
const RESUME = 151;

/** The bytecode of `name = value`. */
export function assigningPyc(name: string, value: string): Uint8Array {
  const number = (n: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(n);
    return bytes;
  };
  const sized = (type: string, content: Buffer): Buffer =>
    Buffer.concat([Buffer.from(type), number(content.length), content]);
  /** As CPython writes it: of a short one the length is a single byte, often that of a letter or a digit. */
  const text = (content: string): Buffer =>
    content.length < 256 && /^[\0-\x7f]*$/.test(content)
      ? Buffer.concat([Buffer.from('z'), Buffer.of(content.length), Buffer.from(content)])
      : sized('u', Buffer.from(content));
  const bytes = (content: readonly number[]): Buffer => sized('s', Buffer.from(content));
  const tuple = (...items: Buffer[]): Buffer =>
    Buffer.concat([Buffer.from('('), number(items.length), ...items]);
  const code = [RESUME, 0, LOAD_CONST, 0, STORE_NAME, 0, LOAD_CONST, 1, RETURN_VALUE, 0];
  const header = Buffer.alloc(16);
  header.writeUInt16LE(MAGIC_311);
  header.write('\r\n', 2);
  return new Uint8Array(
    Buffer.concat([
      header,
      Buffer.from('c'),
      ...[0, 0, 0, 1, 0].map(number),
      bytes(code),
      tuple(text(value), Buffer.from('N')),
      tuple(text(name)),
      tuple(),
      bytes([]),
      text('/app/settings.py'),
      text('<module>'),
      text('<module>'),
      number(1),
      bytes([]),
      bytes([]),
    ]),
  );
}
