/**
 * The service worker: keeps the page's own files for use without a network. The build fills in the list
 * and its digest. It never takes over a page that is open: a new version waits until all are closed.
 */
const worker = self as unknown as ServiceWorkerGlobalScope;

const FILES = '__FILES__' as unknown as string[];
const CACHE = 'porthole-__BUILD__';

worker.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    caches.keys().then(async (names) => {
      const old = names.filter((name) => name.startsWith('porthole-') && name !== CACHE);
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
      .match(request, { ignoreVary: true, ignoreSearch: request.mode === 'navigate' })
      .then((kept) => kept ?? fetch(request)),
  );
});

export {};
