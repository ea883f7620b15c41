// The institution's clock on the wall, whatever this display's own zone says.
// It is set anew with each refresh, as a display that runs for months goes through changes of the hour.
const face = document.querySelector("[data-clock]");
const part = document.querySelector("[data-live]");
let ahead;

function set() {
  ahead = new Date(`${part.querySelector("[data-now]").dataset.now}Z`).getTime() - performance.now();
  tick();
}

function tick() {
  face.textContent = new Date(ahead + performance.now()).toISOString().slice(11, 16);
}
part.addEventListener("part-refreshed", set);
setInterval(tick, 1000);
set();
