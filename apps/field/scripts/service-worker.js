// Keeps the program, and only the program, on the phone: nothing that a server says about people is ever cached.
const CACHE = `field-${'VERSION'}`;
const HOME = '/field/index.html';
const FILES = ['FILES'].map((name) => `/field/${name}`);

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(FILES.map((url) => new Request(url, { cache: 'reload' }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names.filter((n) => n.startsWith('field-') && n !== CACHE).map((name) => caches.delete(name)),
        ),
      )
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin) return;
  if (!url.pathname.startsWith('/field/')) return;
  const wanted = event.request.mode === 'navigate' ? HOME : url.pathname;
  event.respondWith(caches.match(wanted).then((kept) => kept ?? fetch(event.request)));
});
