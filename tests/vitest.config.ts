/** Unit tests: the engine, the app's logic and the command line, in Node. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  test: {
    root: '.',
    include: ['tests/{engine,app,cli}/**/*.test.ts'],
    testTimeout: 30_000,
  },
});
