// Narrows long lists to the names that hold what is typed; accents and letter case do not count.
const input = document.querySelector("[data-filter]");
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function narrow() {
  const words = plain(input.value).split(/\s+/).filter(Boolean);
  for (const one of document.querySelectorAll("[data-filtered] > *")) {
    const name = plain(one.querySelector("a").textContent);
    one.hidden = !words.every((word) => name.includes(word));
  }
  if (words.length > 0) for (const rest of document.querySelectorAll("details.rest")) rest.open = true;
}
if (input) {
  input.addEventListener("input", narrow);
  document.querySelector("[data-live]")?.addEventListener("part-refreshed", narrow);
  narrow();
}
