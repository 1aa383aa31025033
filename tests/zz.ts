import { readFileSync } from 'node:fs';
import { ContentScanner } from '../src/engine/secrets/content-scanner.ts';
import { fileKind } from '../src/engine/secrets/file-kind.ts';
export function main() {
  for (const f of ['bin', 'txt']) {
    const b = new Uint8Array(readFileSync(`/tmp/pf/${f}.tar`));
    const s = new ContentScanner();
    for (let k = 0; k < 3; k++) {
      const t = process.cpuUsage().user;
      let n = 0;
      for (let at = 0; at < b.length; at += 1 << 16) {
        const p = b.subarray(at, at + 65536);
        s.begin(fileKind(f === 'bin' ? 'usr/lib/x.so' : 'usr/share/x.py'), p.length);
        s.push(p);
        n += s.end().length;
      }
      const us = process.cpuUsage().user - t;
      console.log(f, (b.length / us).toFixed(0) + ' MB/s', n);
    }
  }
}
