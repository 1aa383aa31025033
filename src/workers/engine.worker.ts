/** The engine in a worker: a wrapper that adds nothing but the hand-over of buffers. */
import { expose, type Remote, transfer } from 'comlink';
import { rowText } from '../engine/python/disassembly.ts';
import { disassemblyOf } from '../engine/python/outline.ts';
import { pairedOutline } from '../engine/python/source-pairing.ts';
import { treeBuffers } from '../engine/scan/file-trees.ts';
import { readStretches, streamStretch } from '../engine/scan/read-file.ts';
import { readMember } from '../engine/scan/read-member.ts';
import { partBuffers, scanLayerPart } from '../engine/scan/scan-layer-part.ts';
import { verifyLayer } from '../engine/scan/verify-layer.ts';
import type { EngineApi, ScanListener } from './engine.api.ts';
import { findingParts } from './finding-parts.ts';
import { leadScan } from './lead-scan.ts';

const api: EngineApi = {
  answer: (port) => expose(api, port),
  async scan(file, folder, lanes, listener) {
    const page = listener as Remote<ScanListener>;
    const { report, ...result } = await leadScan(file, folder, lanes, page);
    for (const part of findingParts(report.findings)) await page.findings(part);
    return transfer({ ...result, report: { ...report, findings: [] } }, treeBuffers(result.trees));
  },
  async scanPart(file, part, onProgress) {
    const scanned = await scanLayerPart(file, part, onProgress);
    return transfer(scanned, partBuffers(scanned));
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
