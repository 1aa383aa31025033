/**
 * `npm run test:dockerignore`: hands the `.dockerignore` of a careless image to Docker's own client, which
 * leaves files out of what it sends to its server; the server is a stand-in that notes what has come.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EntryKind, TarReader } from '../src/engine/archive/tar.ts';
import { scanArchive } from '../src/engine/scan/scan-archive.ts';
import { CARELESS } from './make/careless-application.ts';
import { imageArchive } from './make/image-writer.ts';

/** Sets the exit status where Docker sends anything else than it should. @throws where it cannot be run. */
export async function main(): Promise<void> {
  const entries = CARELESS.map(({ path }) => ({ name: `app/${path}`, content: `${path}\n` }));
  const image = imageArchive([
    { tags: ['careless:1'], layers: [{ createdBy: 'COPY . /app', entries }] },
  ]);
  const { report } = await scanArchive(new Blob([image]), 'careless.tar');
  const text = report.images[0]?.dockerignore?.text ?? '';
  console.log(text);
  const folder = mkdtempSync(join(tmpdir(), 'porthole-context-'));
  for (const { path } of CARELESS) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${path}\n`);
  }
  writeFileSync(join(folder, '.dockerignore'), text);
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\n');
  const sent = await contextOf(folder);
  rmSync(folder, { recursive: true });
  for (const { path, rule } of CARELESS) {
    if (sent.has(path) === (rule === undefined)) continue;
    console.error(`${path} was ${sent.has(path) ? 'sent' : 'left out'}, and should not have been`);
    process.exitCode = 1;
  }
  console.log(`Docker sent ${sent.size} of ${CARELESS.length} files.`);
}

/** The files that Docker's client sends of a folder. */
async function contextOf(folder: string): Promise<Set<string>> {
  const sent = new Set<string>();
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      if (request.url?.includes('/build')) for (const name of filesIn(pieces)) sent.add(name);
      response.setHeader('Api-Version', '1.44');
      response.setHeader('Content-Type', 'application/json');
      response.end(request.url?.includes('/build') ? '{"stream":"done"}\n' : '{}');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const status = await new Promise<number | null>((done, fail) => {
    const env = { ...process.env, DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_BUILDKIT: '0' };
    const docker = spawn('docker', ['build', '-q', folder], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    docker.stderr.on('data', (piece: Buffer) => (said += piece.toString()));
    docker.on('error', fail);
    docker.on('close', (code) => {
      if (sent.size === 0) console.error(said);
      done(code);
    });
  });
  server.close();
  if (sent.size === 0) throw new Error(`docker build sent nothing (status ${status ?? 'none'})`);
  return sent;
}

function filesIn(pieces: readonly Buffer[]): string[] {
  const reader = new TarReader(() => undefined);
  return [...reader.push(Buffer.concat(pieces))].flatMap((event) =>
    event.type === 'entry' && event.header.kind === EntryKind.file
      ? [new TextDecoder().decode(event.header.name)]
      : [],
  );
}
