import { expect, test } from 'vitest';
import { readConfig } from '../../../src/engine/image/config.ts';

test('only digests count as diff IDs, and each keeps its place', () => {
  const digest = `sha256:${'0a'.repeat(32)}`;
  const diff_ids = ['evil"<x>', digest, 7, `${digest}\n`, digest.toUpperCase(), '', digest];
  expect(readConfig({ rootfs: { diff_ids } }).diffIds).toEqual([
    '',
    digest,
    '',
    '',
    '',
    '',
    digest,
  ]);
});
