/** The sample image: made at build time, so that no finished secret lies in the repository. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { sampleImage } from '../tests/make/sample.ts';

const MODULE = 'virtual:sample-image';

/**
 * Writes `public/sample/porthole-sample.tar`, and gives the page the same bytes as a module: under the
 * policy the page may load scripts of its own, but fetch nothing.
 */
export function sample(): Plugin {
  return {
    name: 'porthole-sample',
    async buildStart() {
      mkdirSync('public/sample', { recursive: true });
      writeFileSync(join('public/sample', 'porthole-sample.tar'), await sampleImage());
    },
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : undefined),
    async load(id) {
      if (id !== `\0${MODULE}`) return undefined;
      const base64 = Buffer.from(await sampleImage()).toString('base64');
      return `export default ${JSON.stringify(base64)};`;
    },
  };
}
