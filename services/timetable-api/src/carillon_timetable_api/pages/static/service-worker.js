// Without a network: the last seen weeks, each with the time at which it was seen. Rooms are never called free from memory.
const FILES = "files-1";
const PAGES = "pages-1";
const MOST_PAGES = 40;
const NEVER_KEPT = [/^\/api\//, /^\/auth\//, /^\/pronote\//, /^\/graphql/, /^\/docs/, /^\/openapi\//, /^\/rooms\/free\//, /^\/calendars\/personal\//, /^\/search\//];
const WEEK = /^\/(groups|rooms)\/\d+\/$/;
const AWAY = new Set([502, 503, 504]);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(PAGES).then((kept) => kept.addAll(["/", "/offline/"])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const outdated = async () => {
    for (const name of await caches.keys()) if (name !== FILES && name !== PAGES) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(outdated());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (address.pathname.startsWith("/static/")) return event.respondWith(file(event));
  const isPage = (request.headers.get("accept") ?? "").includes("text/html");
  if (isPage) event.respondWith(page(event, address));
});

// A file is given as it is kept, and looked for anew meanwhile.
async function file(event) {
  const store = await caches.open(FILES);
  const kept = await store.match(event.request, { ignoreVary: true });
  const fresh = fetch(event.request).then((answer) => {
    if (answer.ok) event.waitUntil(store.put(event.request, answer.clone()));
    return answer;
  });
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => undefined));
  return kept;
}

async function page(event, address) {
  const { request } = event;
  const store = await caches.open(PAGES);
  const isKept = !NEVER_KEPT.some((pattern) => pattern.test(address.pathname));
  try {
    const answer = await fetch(request);
    if (AWAY.has(answer.status)) throw new Error(`status ${answer.status}`);
    if (answer.ok && isKept && !answer.redirected) event.waitUntil(keep(store, address, answer.clone()));
    return answer;
  } catch {
    const kept = isKept ? await store.match(keyOf(address)) : undefined;
    const shown = kept ?? (await store.match("/offline/"));
    return shown ? asKept(shown) : Response.error();
  }
}

// One week is one page, in whatever view and for whichever of its days it was asked for.
function keyOf(address, monday = null) {
  const key = new URL(address);
  if (!WEEK.test(key.pathname)) return key.href;
  key.searchParams.delete("view");
  if (monday) key.searchParams.delete("week");
  const day = new Date(`${monday ?? key.searchParams.get("date")}T12:00:00Z`);
  if (!Number.isNaN(day.getTime())) {
    day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
    key.searchParams.set("date", day.toISOString().slice(0, 10));
  }
  key.searchParams.sort();
  return key.href;
}

async function keep(store, address, answer) {
  const monday = WEEK.test(address.pathname) ? /data-monday="([\d-]+)"/.exec(await answer.clone().text())?.[1] : null;
  for (const key of new Set([keyOf(address), keyOf(address, monday)])) {
    await store.delete(key);
    await store.put(key, answer.clone());
  }
  const pages = (await store.keys()).filter((one) => !one.url.endsWith("/offline/"));
  for (const oldest of pages.slice(0, Math.max(0, pages.length - MOST_PAGES))) await store.delete(oldest);
}

async function asKept(kept) {
  const headers = new Headers(kept.headers);
  headers.set("Carillon-Kept", kept.headers.get("date") ?? "");
  headers.delete("content-encoding");
  const text = await kept.text();
  const seen = new Date(kept.headers.get("date") ?? Date.now()).toISOString();
  return new Response(text.replace("<html ", `<html data-kept="${seen}" `), { status: kept.status, headers });
}
