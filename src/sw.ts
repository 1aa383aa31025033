/**
 * The service worker: keeps the page's own files for use without a network. The build fills in the list
 * and its digest. It never takes over a page that is open: a new version waits until all are closed.
 */
const worker = self as unknown as ServiceWorkerGlobalScope;

const FILES = '__FILES__' as unknown as string[];
/** Of this deployment alone: others may stand under other paths of the same origin. */
const OWN = `porthole ${new URL(worker.registration.scope).pathname} `;
const CACHE = `${OWN}__BUILD__`;

worker.addEventListener('install', (event) => {
  // Past the browser's own cache, whose files may be of the version before.
  const requests = FILES.map((file) => new Request(file, { cache: 'reload' }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    caches.keys().then(async (names) => {
      const old = names.filter((name) => name.startsWith(OWN) && name !== CACHE);
      await Promise.all(old.map((name) => caches.delete(name)));
      await worker.clients.claim();
    }),
  );
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== worker.location.origin) return;
  event.respondWith(
    // Hosts vary answers by Origin, which module scripts send and the cache's own requests do not.
    caches
      .open(CACHE)
      .then((cache) =>
        cache.match(request, { ignoreVary: true, ignoreSearch: request.mode === 'navigate' }),
      )
      .then((kept) => kept ?? fetch(request)),
  );
});

export {};
