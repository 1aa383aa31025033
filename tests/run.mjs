/** Runs a TypeScript program of the project in Node: `node tests/run.mjs FILE [ARGUMENT …]`. */
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

const [file, ...args] = process.argv.slice(2);
const outDir = resolve('node_modules/.cache/porthole/run');
const name = `${basename(file, '.ts')}.mjs`;
await build({
  configFile: false,
  logLevel: 'error',
  build: {
    ssr: file,
    outDir,
    emptyOutDir: false,
    minify: false,
    rolldownOptions: { output: { entryFileNames: name, topLevelVar: false } },
  },
});
const program = await import(pathToFileURL(resolve(outDir, name)).href);
await program.main(args);
