// Keeps a page fresh: asks for it again and puts the newest part of it in the place of the old one; focus and what was opened stay.
// Without a network what was last known stays, with a word that it may be old.
const EVENT = "part-refreshed";
const part = document.querySelector("[data-live]");
let newest = 0;

// Links of the same address stand in several places: the same one of them gets the focus again.
const alike = (link) => [...part.querySelectorAll("a")].filter((one) => one.href === link.href);

function replace(fresh) {
  const focused = part.contains(document.activeElement) && document.activeElement.href ? document.activeElement : null;
  const place = focused && alike(focused).indexOf(focused);
  const open = [...part.querySelectorAll("details")].map((one) => one.open);
  part.replaceChildren(...fresh.childNodes);
  part.querySelectorAll("details").forEach((one, number) => (one.open ||= open[number] ?? false));
  if (focused) alike(focused)[place]?.focus({ preventScroll: true });
}

// True unless a newer question was asked meanwhile.
export async function refresh(address = location.href) {
  const asked = ++newest;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, cache: "no-cache" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-live]");
    if (!fresh) throw new Error(String(answer.status));
    if (answer.headers.has("Carillon-Kept")) throw new Error("the network is away");
    if (asked !== newest) return false;
    if (fresh.innerHTML !== part.innerHTML) replace(fresh);
    document.documentElement.classList.remove("is-offline");
    part.dispatchEvent(new Event(EVENT));
  } catch {
    if (asked === newest) document.documentElement.classList.add("is-offline");
  }
  return asked === newest;
}

if (part?.dataset.every) {
  const refreshShown = () => void (document.visibilityState === "visible" && refresh());
  setInterval(refreshShown, Number(part.dataset.every) * 1000);
  document.addEventListener("visibilitychange", refreshShown);
  addEventListener("online", refreshShown);
  addEventListener("offline", refreshShown);
}
