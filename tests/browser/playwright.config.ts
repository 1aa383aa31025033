/** Browser tests: a real Chromium on the built site, served under a path of its own. */
import { defineConfig } from '@playwright/test';

const root = new URL('../..', import.meta.url).pathname;

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results',
  timeout: 60_000,
  workers: 1,
  forbidOnly: Boolean(process.env['CI']),
  use: {
    baseURL: 'http://localhost:4173/some/path/',
    serviceWorkers: 'allow',
    launchOptions: {
      executablePath: process.env['PORTHOLE_CHROMIUM'] ?? '',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    },
  },
  webServer: {
    command: 'node tests/browser/serve.mjs',
    cwd: root,
    url: 'http://localhost:4173/some/path/',
    reuseExistingServer: false,
  },
});
