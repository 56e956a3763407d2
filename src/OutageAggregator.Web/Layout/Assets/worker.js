// What the browser keeps of this site, and does without a page: a page that says that there is no connection, in place of one that can't be
// fetched. It keeps nothing that speaks of how things stand, so nothing old is ever shown as if it were now. `version` and `files` stand
// before this when it is served.

const prefix = `offline ${registration.scope} `;
const name = prefix + version;
const kept = files.map(file => new URL(file, registration.scope).href);

addEventListener('install', event => event.waitUntil(
  caches.open(name).then(cache => cache.addAll(kept)).then(() => skipWaiting())));

addEventListener('activate', event => event.waitUntil(
  caches.keys().then(names => Promise.all(names.filter(n => n.startsWith(prefix) && n !== name).map(n => caches.delete(n))))));

addEventListener('fetch', event => {
  const { request } = event;
  if (request.mode === 'navigate' && request.method === 'GET') {
    event.respondWith(fetch(request).catch(() => caches.match(kept[0], { cacheName: name })));
  } else if (kept.indexOf(request.url) > 0) {
    event.respondWith(caches.match(request, { cacheName: name }).then(found => found ?? fetch(request)));
  }
});

// To the page that promised to tell.
addEventListener('notificationclick', event => {
  event.notification.close();
  event.waitUntil(clients.matchAll({ type: 'window', includeUncontrolled: true }).then(open =>
    open.find(c => c.url === event.notification.data)?.focus() ?? clients.openWindow(event.notification.data)));
});
