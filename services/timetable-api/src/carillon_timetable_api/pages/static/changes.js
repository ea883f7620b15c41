// Changes as they happen: each event of the stream makes the list be asked for again.
import { refresh } from "/static/live.js";

const part = document.querySelector("[data-stream]");
const status = document.querySelector("[data-stream-state]");
const seen = new Set([...part.querySelectorAll("[data-change]")].map((change) => change.dataset.change));
let waiting = null;

part.addEventListener("part-refreshed", () => {
  for (const change of part.querySelectorAll("[data-change]")) {
    if (!seen.has(change.dataset.change)) change.classList.add("is-new");
    seen.add(change.dataset.change);
  }
});

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 200);
}

const stream = new EventSource(part.dataset.stream);
stream.addEventListener("open", () => {
  status.textContent = status.dataset.open;
  status.dataset.state = "open";
  soon();
});
stream.addEventListener("error", () => {
  status.textContent = status.dataset.away;
  status.dataset.state = "away";
});
stream.addEventListener("message", soon);
addEventListener("pagehide", () => stream.close());
