// What every page does: the appearance, the search as one types, what this device remembers, offline reading.
import { remembered } from "/static/device.js";

const root = document.documentElement;

function chooseTheme() {
  const choice = document.querySelector("[data-theme-choice]");
  if (!choice) return;
  const show = () => {
    for (const button of choice.children) {
      button.setAttribute("aria-pressed", String(button.value === (root.dataset.theme ?? "auto")));
    }
  };
  choice.addEventListener("click", ({ target }) => {
    if (!target.value) return;
    if (target.value === "auto") delete root.dataset.theme;
    else root.dataset.theme = target.value;
    remembered.write("theme", target.value === "auto" ? null : target.value);
    show();
  });
  show();
}

// The page of results is fetched as it is, and its list shown here.
function searchWhileTyping() {
  for (const form of document.querySelectorAll("[data-find]")) {
    const input = form.querySelector("input[type=search]");
    const shown = form.querySelector("[data-find-results]") ?? document.querySelector("#results");
    let asked = new AbortController();
    let timer;
    const ask = async () => {
      asked.abort();
      asked = new AbortController();
      if (!input.value.trim()) return void shown.replaceChildren();
      try {
        const answer = await fetch(`/search/?q=${encodeURIComponent(input.value)}`, { signal: asked.signal });
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        shown.replaceChildren(...page.querySelector("#results").children);
      } catch {
        // A newer question has taken its place, or the network is away: the button still works.
      }
    };
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, 150);
    });
  }
}

function starred() {
  for (const star of document.querySelectorAll("[data-star]")) {
    const here = { address: star.dataset.star, name: star.dataset.name, kind: star.dataset.kind };
    const show = () => star.setAttribute("aria-pressed", String(remembered.isFavourite(here.address)));
    star.addEventListener("click", () => {
      remembered.toggleFavourite(here);
      show();
    });
    remembered.visited(here);
    show();
  }
}

function mine() {
  const section = document.querySelector("[data-mine]");
  if (!section) return;
  const list = section.querySelector("[data-mine-list]");
  const entries = remembered.all();
  section.hidden = entries.length === 0;
  list.replaceChildren(
    ...entries.map(({ address, name, favourite }) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = address;
      link.textContent = name;
      if (favourite) {
        const mark = document.createElement("span");
        mark.className = "favourite";
        mark.textContent = list.dataset.favourite;
        link.append(" ", mark);
      }
      item.append(link);
      return item;
    }),
  );
  section.querySelector("[data-forget]")?.addEventListener("click", () => {
    remembered.forget();
    section.hidden = true;
  });
}

// The service worker says when a page that it gives from memory was seen.
function offline() {
  const main = document.querySelector("main");
  if (!root.dataset.kept || !main || document.body.matches(".door, .offline")) return;
  const [before, after] = root.lang === "en" ? ["No network: this is the page as it was on ", "."] : ["Pas de réseau : voici la page telle qu’elle était le ", "."];
  const notice = document.createElement("aside");
  notice.className = "notice warning offline";
  notice.setAttribute("role", "status");
  const seen = new Intl.DateTimeFormat(root.lang, { dateStyle: "long", timeStyle: "short" }).format(new Date(root.dataset.kept));
  notice.textContent = before + seen + after;
  main.prepend(notice);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "k" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    document.querySelector("main input[type=search], #site-q")?.focus();
  }
});

chooseTheme();
searchWhileTyping();
starred();
mine();
offline();
if ("serviceWorker" in navigator && window.isSecureContext) {
  // The first page that is ever opened came without the service worker: it is asked for again, to be kept too.
  if (!navigator.serviceWorker.controller) navigator.serviceWorker.addEventListener("controllerchange", keepThisPage, { once: true });
  navigator.serviceWorker.register("/service-worker.js");
}

async function keepThisPage() {
  const files = performance.getEntriesByType("resource").map((entry) => entry.name);
  const ours = files.filter((name) => name.startsWith(`${location.origin}/static/`));
  await Promise.allSettled(ours.map(async (name) => (await fetch(name)).arrayBuffer()));
  await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => undefined);
}
