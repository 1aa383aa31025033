/** The engine in a worker: a wrapper that adds nothing but the hand-over of buffers. */
import { expose, transfer } from 'comlink';
import { tableBuffers } from '../engine/image/entry-table.ts';
import { openArchive, wrapperOf } from '../engine/image/open-archive.ts';
import { rowText } from '../engine/python/disassembly.ts';
import { disassemblyOf } from '../engine/python/outline.ts';
import { pairedOutline } from '../engine/python/source-pairing.ts';
import { treeBuffers } from '../engine/scan/file-trees.ts';
import { readStretches, streamStretch } from '../engine/scan/read-file.ts';
import { readMember } from '../engine/scan/read-member.ts';
import { assembleScan } from '../engine/scan/scan-archive.ts';
import { scanLayerPart } from '../engine/scan/scan-layer-part.ts';
import { scanWrapped } from '../engine/scan/scan-wrapped.ts';
import { verifyLayer } from '../engine/scan/verify-layer.ts';
import type { EngineApi } from './engine.api.ts';

const api: EngineApi = {
  async open(file, folder, onProgress) {
    if ((await wrapperOf(file)) === 'none') {
      return { archive: await openArchive(file, file.name, folder), scans: undefined };
    }
    const { archive, scans } = await scanWrapped(file, file.name, onProgress);
    const buffers = scans.flatMap((scan) => (scan ? tableBuffers(scan.table) : []));
    return transfer({ archive, scans }, buffers);
  },
  async scanPart(file, part, onProgress) {
    const scanned = await scanLayerPart(file, part, onProgress);
    return transfer(scanned, tableBuffers(scanned.scan.table));
  },
  async assemble(file, archive, scans, startedAt) {
    const result = await assembleScan(file, archive, scans, startedAt);
    return transfer(result, treeBuffers(result.trees));
  },
  async read(file, layer, offset, length) {
    const [bytes = new Uint8Array(0)] = await readStretches(file, layer, [{ offset, length }]);
    return transfer(bytes, [bytes.buffer as ArrayBuffer]);
  },
  async readInside(file, layer, offset, length, path) {
    const content = streamStretch(file, layer, { offset, length });
    const member = (await readMember(content, length, path))?.slice();
    return member && transfer(member, [member.buffer]);
  },
  outline: async (bytes, source) => pairedOutline(bytes, source),
  disassembly: async (bytes, item) => disassemblyOf(bytes, item).map(rowText),
  verify: verifyLayer,
};

expose(api);
