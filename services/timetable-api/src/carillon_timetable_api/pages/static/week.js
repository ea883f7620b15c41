// Makes a calendar of the table of a week, which stays the list view and holds all that is shown.
import { createCalendar, TimeGrid } from "/static/vendor/event-calendar-5.15.0.js";
import { remembered } from "/static/device.js";

const holder = document.querySelector("[data-calendar]");
const table = document.querySelector("[data-list]");
const dialog = document.querySelector("[data-dialog]");
const dayEmpty = holder.querySelector("[data-day-empty]");
const crowded = document.querySelector("[data-crowded]");
const rows = [...document.querySelectorAll("[data-course]")];
const days = [...document.querySelectorAll("tbody[data-date]")].map((body) => body.dataset.date);
const unknownDays = [...document.querySelectorAll("tbody.is-unknown")].map((body) => body.dataset.date);
const language = document.documentElement.lang;
const previous = document.querySelector("[data-previous]");
const next = document.querySelector("[data-next]");
const today = document.querySelector("[data-today]").dataset.today;

// Too little room for more than one line.
const isShort = ({ begin, end }) => new Date(`${end}Z`) - new Date(`${begin}Z`) < 45 * 60_000;

// Wall times of the institution, without an offset: shown as they are in every browser's zone.
const events = rows.map((row) => ({
  id: row.dataset.course,
  start: row.dataset.begin,
  end: row.dataset.end,
  allDay: row.dataset.allDay === "yes",
  title: row.querySelector(".name").textContent,
  classNames: [...row.classList].filter((name) => name !== "course").concat(isShort(row.dataset) ? "is-short" : []),
  extendedProps: { row },
}));

const narrow = window.matchMedia("(max-width: 44rem)");
// A page kept for reading without a network may have been asked for with another view or day of its week.
const asked = new URLSearchParams(location.search);
let view = asked.get("view") || holder.dataset.view || remembered.read("view", null) || (narrow.matches ? "day" : "week");
let day = [asked.get("date"), holder.dataset.day, days[0]].find((one) => days.includes(one)) ?? holder.dataset.day;
let calendar = null;

const hour = (time) => Number(time.slice(11, 13));
const timed = events.filter((event) => !event.allDay);
const firstHour = Math.min(8, ...timed.map((event) => hour(event.start)));
const lastHour = Math.max(18, ...timed.map((event) => (event.start.slice(0, 10) === event.end.slice(0, 10) ? hour(event.end) + 1 : 24)));

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function content({ event, timeText }) {
  const { row } = event.extendedProps;
  const top = element("div", "event-time", event.allDay ? "" : timeText);
  if (row.classList.contains("is-cancelled")) top.append(" ", element("span", "flag cancelled", holder.dataset.cancelled));
  else if (row.classList.contains("is-changed")) top.append(" ", element("span", "flag moved", holder.dataset.moved));
  for (const place of row.querySelectorAll(".place")) top.append(" ", place.cloneNode(true));
  const parts = [element("span", "unseen", `${dayName(row)}, `), top, element("div", "event-name", event.title)];
  const type = row.querySelector(".type")?.textContent;
  const rooms = [...row.querySelectorAll(".rooms a")].map((link) => link.textContent).join(", ");
  const below = [type, rooms].filter(Boolean).join(" · ");
  if (below) parts.push(element("div", "event-where", below));
  return { domNodes: parts };
}

const dayName = (row) => table.querySelector(`tbody[data-date="${row.dataset.begin.slice(0, 10)}"] th`).firstChild.textContent.trim();

// To assistive technology the calendar is a group of buttons, each with its day; the list is the table.
const TABLE_ATTRIBUTES = ["role", "aria-colindex", "aria-rowindex", "aria-colcount", "aria-rowcount", "aria-colspan", "aria-rowspan"];

function dropTableRoles() {
  for (const part of holder.querySelectorAll(".ec, .ec *:not([role=button])")) {
    for (const name of TABLE_ATTRIBUTES) part.removeAttribute(name);
    if (part.tagName === "TIME") part.removeAttribute("aria-label");
  }
}

function showDetails(row) {
  dialog.querySelector("h2").textContent = row.querySelector(".name").textContent;
  const body = dialog.querySelector("[data-dialog-body]");
  const hours = [...row.querySelectorAll("time")].map((time) => time.textContent).join(" – ") || row.querySelector(".time").textContent;
  const when = element("p", "when", `${dayName(row)}, ${hours}`);
  const facts = document.createElement("dl");
  for (const cell of row.querySelectorAll("[data-label]")) {
    const fact = document.createElement("dd");
    fact.append(...[...cell.childNodes].map((node) => node.cloneNode(true)));
    facts.append(element("dt", "", cell.dataset.label), fact);
  }
  const what = document.createElement("div");
  const shown = [...row.querySelector(".what").childNodes].filter((node) => !node.classList?.contains("name"));
  what.append(...shown.map((node) => node.cloneNode(true)));
  body.replaceChildren(when, what, facts);
  dialog.showModal();
}

dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
dialog.addEventListener("close", () => {
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
});

function options() {
  const hidden = [1, 2, 3, 4, 5, 6, 0].filter((_, place) => {
    const at = new Date(`${holder.dataset.monday}T12:00:00Z`);
    at.setUTCDate(at.getUTCDate() + place);
    return !days.includes(at.toISOString().slice(0, 10));
  });
  return {
    view: view === "day" ? "timeGridDay" : "timeGridWeek",
    date: day,
    firstDay: 1,
    hiddenDays: view === "day" ? [] : hidden,
    timeZone: holder.dataset.offset,
    locale: language,
    headerToolbar: { start: "", center: "", end: "" },
    allDaySlot: events.some((event) => event.allDay),
    allDayContent: "",
    slotMinTime: `${String(firstHour).padStart(2, "0")}:00`,
    slotMaxTime: `${String(Math.min(24, lastHour)).padStart(2, "0")}:00`,
    slotEventOverlap: false,
    slotHeight: 26,
    slotLabelInterval: "01:00",
    slotLabelFormat: (time) => `${String(time.getHours()).padStart(2, "0")}:00`,
    dayHeaderFormat: (date) =>
      new Intl.DateTimeFormat(language, view === "day" ? { weekday: "long", day: "numeric", month: "long" } : { weekday: "short", day: "numeric" }).format(date),
    eventTimeFormat: (start, end) => `${clock(start)} – ${clock(end)}`,
    nowIndicator: true,
    highlightedDates: unknownDays,
    editable: false,
    pointer: false,
    events,
    eventContent: content,
    eventClick: ({ event, jsEvent }) => {
      // The same Enter would press the dialog's first button, which closes it.
      jsEvent.preventDefault();
      showDetails(event.extendedProps.row);
    },
  };
}

const clock = (date) => `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;

function show() {
  const isList = view === "list";
  document.documentElement.dataset.view = view;
  table.hidden = !isList;
  holder.hidden = isList;
  for (const link of document.querySelectorAll("[data-view-link]")) {
    if (link.dataset.viewLink === view) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  crowded.hidden = true;
  if (isList) return;
  if (!calendar) calendar = createCalendar(holder, [TimeGrid], options());
  else for (const [name, value] of Object.entries(options())) if (["view", "date", "hiddenDays", "dayHeaderFormat"].includes(name)) calendar.setOption(name, value);
  const body = table.querySelector(`tbody[data-date="${day}"]`);
  dayEmpty.textContent = (view === "day" && body?.querySelector(".nothing td")?.textContent) || "";
  requestAnimationFrame(fit);
}

const NARROWEST_TO_READ = 44;
const scroller = () => holder.querySelector(".ec-main");

// Where the screen is narrower than the week, its day comes into view; where courses are mere stripes, the list is offered.
function fit() {
  const wide = scroller();
  if (view === "week") wide.scrollLeft = ((wide.scrollWidth - wide.clientWidth) * days.indexOf(day)) / (days.length - 1);
  const shown = [...holder.querySelectorAll(".ec-body .ec-event")];
  crowded.hidden = !shown.some((event) => event.offsetWidth < NARROWEST_TO_READ);
}

function remember() {
  const address = new URL(location.href);
  address.searchParams.set("view", view);
  if (view === "day") address.searchParams.set("date", day);
  history.replaceState(null, "", address);
}

function go(link) {
  const address = new URL(link.href);
  address.searchParams.set("view", view);
  location.assign(address);
}

// In the day view one step is a day; beyond the week's ends another page begins.
function step(direction) {
  if (view !== "day") return go(direction < 0 ? previous : next);
  const place = days.indexOf(day) + direction;
  if (place >= 0 && place < days.length) {
    day = days[place];
    show();
    return remember();
  }
  const address = new URL((direction < 0 ? previous : next).href);
  const monday = new Date(`${address.searchParams.get("date")}T12:00:00Z`);
  if (direction < 0) monday.setUTCDate(monday.getUTCDate() + 4);
  address.searchParams.set("date", monday.toISOString().slice(0, 10));
  address.searchParams.set("view", view);
  location.assign(address);
}

function goToday() {
  const link = document.querySelector("[data-today]");
  if (!days.includes(today)) return go(link);
  day = today;
  show();
  remember();
}

function chooseView(chosen) {
  view = chosen;
  remembered.write("view", JSON.stringify(chosen));
  if (table) show();
  remember();
}

for (const link of document.querySelectorAll("[data-view-link]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    chooseView(link.dataset.viewLink);
  });
}
for (const [link, direction] of [[previous, -1], [next, 1]]) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    step(direction);
  });
}
document.querySelector("[data-today]").addEventListener("click", (event) => {
  event.preventDefault();
  goToday();
});
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());

const keys = document.querySelector("[data-keys]");
keys.checked = remembered.read("keys", true);
keys.addEventListener("change", () => remembered.write("keys", JSON.stringify(keys.checked)));
document.addEventListener("keydown", (event) => {
  const busy = event.target.closest?.("input, select, textarea, dialog") || event.ctrlKey || event.metaKey || event.altKey;
  if (busy || dialog.open) return;
  if (event.key === "ArrowLeft") return step(-1);
  if (event.key === "ArrowRight") return step(1);
  if (!keys.checked) return;
  const actions = {
    t: goToday,
    [keys.dataset.dayKey]: () => chooseView("day"),
    [keys.dataset.weekKey]: () => chooseView("week"),
    l: () => chooseView("list"),
  };
  actions[event.key.toLowerCase()]?.();
});

// A week that is wider than the screen is moved by the same gesture, and turned only from its edges.
let touched = null;
let edges = [true, true];
holder.addEventListener("touchstart", ({ touches }) => {
  touched = touches.length === 1 ? touches[0] : null;
  const wide = scroller();
  edges = [wide.scrollLeft <= 1, wide.scrollLeft + wide.clientWidth >= wide.scrollWidth - 1];
}, { passive: true });
holder.addEventListener("touchend", ({ changedTouches }) => {
  if (!touched) return;
  const [across, down] = [changedTouches[0].clientX - touched.clientX, changedTouches[0].clientY - touched.clientY];
  touched = null;
  if (Math.abs(across) > 60 && Math.abs(across) > 2 * Math.abs(down) && edges[across > 0 ? 0 : 1]) step(across > 0 ? -1 : 1);
}, { passive: true });

new MutationObserver(dropTableRoles).observe(holder, { childList: true, subtree: true, attributeFilter: TABLE_ATTRIBUTES });
if (table) show();
// A link to one course opens it.
function showLinked() {
  const linked = rows.find((row) => `#${row.id}` === location.hash);
  if (linked && !dialog.open) showDetails(linked);
}
addEventListener("hashchange", showLinked);
showLinked();
