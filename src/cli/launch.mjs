/** Starts the command line, building it first where that has not been done. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = `${root}/dist-cli/scan.mjs`;
if (!existsSync(program)) {
  const vite = `${root}/node_modules/vite/bin/vite.js`;
  const built = spawnSync(
    process.execPath,
    [vite, 'build', '--mode', 'cli', '--logLevel', 'error'],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
    },
  );
  if (built.status !== 0) {
    console.error('porthole: the command line could not be built; run npm ci and npm run build.');
    process.exit(2);
  }
}
await import(pathToFileURL(program).href);
