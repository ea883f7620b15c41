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

let stream;

function follow() {
  stream = new EventSource(part.dataset.stream);
  stream.addEventListener("open", () => {
    status.textContent = status.dataset.open;
    status.dataset.state = "open";
    soon();
  });
  stream.addEventListener("error", () => {
    status.textContent = status.dataset.away;
    status.dataset.state = "away";
    // At an error status, such as while the service is away, a browser tries no more by itself.
    if (stream.readyState === EventSource.CLOSED) setTimeout(follow, 5000);
  });
  stream.addEventListener("message", soon);
}

follow();
addEventListener("pagehide", () => stream.close());
addEventListener("pageshow", (shown) => {
  if (shown.persisted) follow();
});
