// A change in the form is asked for at once, and an untouched moment stays "now".
const form = document.querySelector("[data-ask]");
const moment = [...form.querySelectorAll("[name=date], [name=time]")];
let chosen = new URLSearchParams(location.search).has("time");

for (const field of moment) field.addEventListener("input", () => { chosen = true; });
form.addEventListener("submit", () => {
  for (const field of moment) field.disabled = !chosen;
});
for (const select of form.querySelectorAll("select")) select.addEventListener("change", () => form.requestSubmit());
