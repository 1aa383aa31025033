/** The build: the page by default, the command line with `--mode cli`. */
import { readFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type UserConfig } from 'vite';
import { offline } from './build/offline.ts';
import { policy } from './build/policy.ts';
import { sample } from './build/sample.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const define = { __PORTHOLE_VERSION__: JSON.stringify(version) };

const page: UserConfig = {
  base: './', // the page must work under any path
  define,
  plugins: [sample(), svelte(), policy(), offline()],
  // Of one byte for each character: V8 keeps a text with others in two, as often as there are workers.
  worker: { format: 'es', rolldownOptions: { output: { charset: 'ascii' } } },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false }, // it fetches, which the policy forbids
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      input: { index: 'index.html', sw: 'src/sw.ts' },
      output: {
        entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
};

const cli: UserConfig = {
  define,
  build: {
    ssr: 'src/cli/scan.ts',
    outDir: 'dist-cli',
    target: 'node20',
    copyPublicDir: false,
    // As `var`, which is the default here, V8 loads each constant anew: hot loops take up to twice as long.
    rolldownOptions: { output: { entryFileNames: 'scan.mjs', topLevelVar: false } },
  },
  ssr: { noExternal: true },
};

export default defineConfig(({ mode }) => (mode === 'cli' ? cli : page));
