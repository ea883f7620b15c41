// Keeps a part of a page fresh: asks for the page again and puts its newest part in the place of the old one.
// Without a network what was last known stays, with a word that it may be old.
const EVENT = "part-refreshed";

export async function refresh(part) {
  const place = [...document.querySelectorAll("[data-live]")].indexOf(part);
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-cache" });
    if (!answer.ok) throw new Error(String(answer.status));
    if (answer.headers.has("Carillon-Kept")) throw new Error("the network is away");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelectorAll("[data-live]")[place];
    if (fresh && fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
    document.documentElement.classList.remove("is-offline");
    part.dispatchEvent(new Event(EVENT));
  } catch {
    document.documentElement.classList.add("is-offline");
  }
}

for (const part of document.querySelectorAll("[data-live][data-every]")) {
  setInterval(() => document.visibilityState === "visible" && refresh(part), Number(part.dataset.every) * 1000);
}
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  for (const part of document.querySelectorAll("[data-live][data-every]")) refresh(part);
});
addEventListener("online", () => document.querySelectorAll("[data-live][data-every]").forEach(refresh));
