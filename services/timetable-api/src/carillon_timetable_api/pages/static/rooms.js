// A change in the form is answered at once, in place; an untouched moment stays "now".
import { refresh } from "/static/live.js";

const form = document.querySelector("[data-ask]");
const part = document.querySelector("[data-live]");
const asked = new URLSearchParams(location.search);
let isMomentChosen = asked.has("date") || asked.has("time");

form.addEventListener("formdata", ({ formData }) => {
  if (isMomentChosen) return;
  formData.delete("date");
  formData.delete("time");
});
form.addEventListener("change", async ({ target }) => {
  if (target.matches("[name=date], [name=time]")) isMomentChosen = true;
  if (!form.checkValidity()) return;
  const query = new URLSearchParams(new FormData(form));
  const address = `${location.pathname}?${query}`;
  query.delete("date");
  query.delete("time");
  const now = form.querySelector("[data-now]");
  now.search = query;
  now.hidden = !isMomentChosen;
  if (await refresh(address)) history.replaceState(null, "", address);
});

// The hour that is asked for comes into view where the day is wider than the screen; later it stays where it was moved to.
let left = null;
function show() {
  const bars = part.querySelector(".bars-holder");
  if (!bars) return;
  const [hour, names] = [bars.querySelector(".window"), bars.querySelector(".corner")];
  bars.scrollLeft = left ?? (hour ? hour.offsetLeft - names.offsetWidth - 24 : 0);
  bars.addEventListener("scroll", () => (left = bars.scrollLeft), { passive: true });
}
part.addEventListener("part-refreshed", show);
show();
