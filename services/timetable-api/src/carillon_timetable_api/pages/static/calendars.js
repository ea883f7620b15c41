// Copies an address or a key, and keeps the preview of a personal calendar in step with its form.
import { refresh } from "/static/live.js";

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = button.previousElementSibling;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.copied;
    } catch {
      // The browser refuses: the text is selected, to be copied by hand.
    }
  });
}

const builder = document.querySelector("[data-builder]");
builder?.addEventListener("change", async ({ target }) => {
  if (target.matches("[name=find], [name=key]")) return;
  const address = `${location.pathname}?${new URLSearchParams(new FormData(builder))}`;
  if (await refresh(address)) history.replaceState(null, "", address);
});

// While one types: at the end of it nothing may move away from under the pointer.
builder?.querySelector("[data-rules]").addEventListener("input", ({ currentTarget: rules }) => {
  const last = rules.lastElementChild;
  if (!last.querySelector("input").value.trim()) return;
  const next = last.cloneNode(true);
  next.querySelector("input").value = "";
  next.setAttribute("aria-label", last.getAttribute("aria-label").replace(/\d+/, (number) => Number(number) + 1));
  rules.append(next);
});

// What is done with a key is done with what the form says now, and not with what it said when the page was made.
document.querySelector("#keyed")?.addEventListener("formdata", ({ formData }) => {
  for (const name of ["group", "room", "rule_action", "rule_aspect", "rule_value", "name"]) formData.delete(name);
  for (const [name, value] of new FormData(builder)) if (name !== "find") formData.append(name, value);
});
