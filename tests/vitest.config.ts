/** Unit tests: the engine, the app's logic and the command line, in Node. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: '.',
    include: ['tests/{engine,app,cli}/**/*.test.ts'],
    testTimeout: 30_000,
  },
});
