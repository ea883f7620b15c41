// Writes the calendar as one script and one style sheet, and the typeface, to where the pages serve them.
import { copyFileSync, readFileSync } from "node:fs";
import { build } from "esbuild";

const folder = "../src/carillon_timetable_api/pages/static/vendor/";
const version = JSON.parse(readFileSync("node_modules/@event-calendar/core/package.json")).version;

const stdin = {
  contents: 'export { createCalendar, destroyCalendar, TimeGrid } from "@event-calendar/core";',
  resolveDir: ".",
};
const shared = { bundle: true, minify: true, legalComments: "none", target: ["es2022"] };
await build({ ...shared, stdin, format: "esm", outfile: `${folder}event-calendar-${version}.js` });
await build({
  ...shared,
  entryPoints: ["node_modules/@event-calendar/core/dist/index.css"],
  outfile: `${folder}event-calendar-${version}.css`,
});
const typeface = "node_modules/@fontsource-variable/atkinson-hyperlegible-next/";
copyFileSync(
  `${typeface}files/atkinson-hyperlegible-next-latin-wght-normal.woff2`,
  `${folder}atkinson-hyperlegible-next.woff2`,
);
copyFileSync(`${typeface}LICENSE`, `${folder}atkinson-hyperlegible-next.LICENSE.txt`);
copyFileSync("EVENT-CALENDAR-LICENSE.txt", `${folder}event-calendar.LICENSE.txt`);
