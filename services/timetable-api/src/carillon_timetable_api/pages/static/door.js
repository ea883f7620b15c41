// The institution's clock on the wall, whatever this display's own zone says.
const face = document.querySelector("[data-clock]");
const ahead = new Date(`${face.dataset.clock}Z`).getTime() - performance.now();

function tick() {
  face.textContent = new Date(ahead + performance.now()).toISOString().slice(11, 16);
}
setInterval(tick, 1000);
tick();
