import { describe, expect, test } from 'vitest';
import { scanBytecode } from '../../../src/engine/scan/scan-bytecode.ts';
import { scanJavaClass } from '../../../src/engine/scan/scan-java-class.ts';
import { bareTokens } from '../../../src/engine/secrets/bare-tokens.ts';
import { BARE } from '../../../src/engine/secrets/compiled-formats.ts';
import { decodeRuns } from '../../../src/engine/secrets/encoded-text.ts';
import { fileKind } from '../../../src/engine/secrets/file-kind.ts';
import { assigningPyc } from '../../make/assigning-pyc.ts';
import { exampleOf, withWrongCheck } from '../../make/secret-examples.ts';
import { scanContent } from '../../make/scan-content.ts';

const ids = (content: string | Uint8Array): string[] =>
  scanContent(content, 'srv/notes').map(({ rule }) => rule.id);

const u2 = (...numbers: number[]): Buffer =>
  Buffer.from(numbers.flatMap((number) => [number >> 8, number & 255]));
const utf8 = (text: string): Buffer =>
  Buffer.concat([Buffer.from([1]), u2(text.length), Buffer.from(text)]);
const refersTo = (tag: number, index: number): Buffer =>
  Buffer.concat([Buffer.from([tag]), u2(index)]);

/** A Java class with one constant, as `static final String value = "…"` makes it. */
function constantClass(text: string): Uint8Array {
  const pool = [
    ...[utf8(text), refersTo(8, 1), utf8('T'), refersTo(7, 3)],
    ...[utf8('java/lang/Object'), refersTo(7, 5), utf8('value'), utf8('Ljava/lang/String;')],
    utf8('ConstantValue'),
  ];
  const head = [Buffer.from('cafebabe', 'hex'), u2(0, 52, pool.length + 1), ...pool];
  const field = [u2(0x0018, 7, 8, 1, 9, 0, 2, 2)];
  return new Uint8Array(Buffer.concat([...head, u2(0x21, 4, 6, 0, 1), ...field, u2(0, 0)]));
}

describe.each(BARE.map((format) => [format.row.id, format.row] as const))('%s', (id, row) => {
  const token = exampleOf(row);

  test('is found wherever a word may stand', () => {
    for (const text of [
      token,
      `${token}\n${token}\n`,
      `the key (${token}), as written`,
      `{"log": "one\\n${token}\\ttwo"}`,
      `https://host/?q=${token}&r=1`,
      `pre-${token}_post`,
    ])
      expect(new Set(ids(text)), text).toEqual(new Set([id]));
    const binary = new Uint8Array([0, 1, ...new TextEncoder().encode(token), 0, 2]);
    expect(ids(binary)).toEqual([id]);
    const path = 'app/__pycache__/client.cpython-311.pyc';
    const { detections } = scanBytecode(assigningPyc('my_value', token), fileKind(path));
    expect(detections.map(({ detection }) => detection.rule.id)).toEqual([id]);
    const java = scanJavaClass(constantClass(token), fileKind('app/T.class'));
    expect(java).toMatchObject({ detections: [{ rule: { id }, value: token }], error: undefined });
  });

  test('is found once, wherever a window is cut', () => {
    const bytes = new TextEncoder().encode(`some words ${token} and more`);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const starts: number[] = [];
      for (const [from, to] of [
        [0, cut],
        [cut, bytes.length],
      ] as const)
        decodeRuns(
          bytes,
          from,
          to,
          false,
          () => undefined,
          (start, end) => bareTokens(bytes, start, end, (_, at) => starts.push(at)),
        );
      expect(starts, `at ${cut}`).toEqual([11]);
    }
  });

  test('is not found with a wrong checksum, nor within a longer word', () => {
    expect(ids(withWrongCheck(row, token))).toEqual([]);
    for (const text of [`x${token}`, `${token}x`, `${token}${token}`, `Q${token}Q`])
      expect(ids(text), text).toEqual([]);
  });
});

test('long words take time that grows as they do', () => {
  const word = new Uint8Array(8 << 20).fill(0x4b);
  const began = performance.now();
  expect(ids(word)).toEqual([]);
  expect(performance.now() - began).toBeLessThan(5000);
});
