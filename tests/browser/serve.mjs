/** Serves `dist` under a path, as a host that reads `_headers` would, with a canary that any request to it sets off. */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const BASE = '/some/path/';
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

/** The headers that a host adds to what it serves at a path below the base. */
function added(path) {
  const headers = {};
  let applies = false;
  for (const line of readFileSync('dist/_headers', 'utf8').split('\n')) {
    if (line.startsWith('/')) applies = line === path || line === '/*';
    else if (applies && line) {
      const [name, value] = line.trim().split(/: (.*)/);
      headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
    }
  }
  return headers;
}

createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  let file = pathname.startsWith(BASE) ? pathname.slice(BASE.length) : '';
  if (!pathname.startsWith(BASE)) return response.writeHead(404).end();
  if (file === '') file = 'index.html';
  const path = join('dist', normalize(file));
  if (!path.startsWith('dist') || !existsSync(path) || !statSync(path).isFile()) {
    return response.writeHead(404).end();
  }
  response.writeHead(200, {
    ...added(pathname.slice(BASE.length - 1)),
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    vary: 'Origin',
    'cache-control': 'no-cache',
  });
  return createReadStream(path).pipe(response);
}).listen(4173);

let heard = 0;
createServer((request, response) => {
  response.setHeader('access-control-allow-origin', '*');
  if (request.url === '/heard') return response.end(String(heard));
  heard++;
  return response.end();
}).listen(4174);
