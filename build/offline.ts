/** Fills the service worker's list of files, once all of them are written, with a digest over them. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Plugin } from 'vite';

const NOT_CACHED = /^(sw\.js|_headers|schema\/|sample\/)/;

/** To be the last plugin. */
export function offline(): Plugin {
  let outDir = '';
  return {
    name: 'porthole-offline',
    apply: 'build',
    configResolved(config) {
      outDir = join(config.root, config.build.outDir);
    },
    closeBundle() {
      const files = readdirSync(outDir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(outDir, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .filter((name) => !NOT_CACHED.test(name))
        .sort();
      const digest = createHash('sha256');
      for (const file of files) digest.update(file).update(readFileSync(join(outDir, file)));
      const worker = join(outDir, 'sw.js');
      const list = files.map((file) => (file === 'index.html' ? './' : `./${file}`));
      writeFileSync(
        worker,
        readFileSync(worker, 'utf8')
          .replace(/["'`]__FILES__["'`]/, JSON.stringify(list))
          .replace(/__BUILD__/, digest.digest('hex').slice(0, 16)),
      );
    },
  };
}
