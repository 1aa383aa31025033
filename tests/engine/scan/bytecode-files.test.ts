/** What a layer's `.pyc` files say of themselves comes back from columns as it went in. */
import { expect, test } from 'vitest';
import type { PycHeader } from '../../../src/engine/python/pyc.ts';
import { versionOfMagic } from '../../../src/engine/python/version.ts';
import {
  type BytecodeFile,
  bytecodeFile,
  type BytecodeFiles,
  BytecodeFilesBuilder,
  joinBytecodeFiles,
} from '../../../src/engine/scan/bytecode-files.ts';

const HEADER: PycHeader = {
  length: 16,
  sourceTime: 4_102_444_800,
  sourceSize: 0,
  sourceHash: undefined,
  checked: undefined,
};

function fileOf(row: number, magic: number, header: Partial<PycHeader>): BytecodeFile {
  const version = versionOfMagic(magic);
  if (!version) throw new Error('the magic number must be known');
  return { row, version, header: { ...HEADER, ...header }, fileName: `/srv/app/é${row}.py` };
}

const FILES = [
  fileOf(0, 3495, {}),
  fileOf(3, 62211, { length: 8, sourceSize: undefined, sourceTime: 0 }),
  fileOf(4, 3495, {
    sourceTime: undefined,
    sourceSize: undefined,
    sourceHash: '0123456789abcdef',
    checked: false,
  }),
  { ...fileOf(9, 3571, {}), fileName: '' },
];

function columnsOf(files: readonly BytecodeFile[]): BytecodeFiles {
  const builder = new BytecodeFilesBuilder();
  for (const file of files) builder.add(file);
  return builder.finish();
}

const filesIn = (columns: BytecodeFiles): BytecodeFile[] =>
  Array.from({ length: columns.count }, (_, at) => bytecodeFile(columns, at));

test('files come back as they were', () => {
  const columns = columnsOf(FILES);
  expect(filesIn(columns)).toEqual(FILES);
  expect(columns.versions).toHaveLength(3);
  expect(filesIn(columnsOf([]))).toEqual([]);
});

test('parts are joined behind each other, by their rows', () => {
  const parts = [
    { files: columnsOf(FILES.slice(0, 2)), rows: 0 },
    { files: columnsOf([]), rows: 5 },
    { files: columnsOf(FILES.slice(2)), rows: 100 },
  ];
  const moved = FILES.map((file, i) => ({ ...file, row: file.row + (i < 2 ? 0 : 100) }));
  expect(filesIn(joinBytecodeFiles(parts))).toEqual(moved);
});
