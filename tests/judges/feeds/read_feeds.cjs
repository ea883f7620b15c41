// Print as JSON what ical.js and node-ical read in iCalendar files.
// Arguments: folder with their node_modules, then the files.
'use strict';

const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');

const [, , folder, ...files] = process.argv;
const load = createRequire(path.join(folder, 'package.json'));
const ICAL = load('ical.js').default ?? load('ical.js');
const nodeIcal = load('node-ical');

const two = (number) => String(number).padStart(2, '0');
const day = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

function readByIcalJs(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  // The zone comes from the file itself, nothing else is known to it.
  calendar.getAllSubcomponents('vtimezone').forEach((zone) => ICAL.TimezoneService.register(zone));
  const at = (time) => (time.isDate ? time.toString() : time.toJSDate().toISOString());
  const found = calendar.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component, { strictExceptions: true });
    return {
      uid: event.uid,
      summary: event.summary,
      location: event.location,
      description: event.description,
      begin: at(event.startDate),
      end: at(event.endDate),
      zone: event.startDate.isDate ? null : event.startDate.zone.tzid,
      sequence: event.sequence,
      status: component.getFirstPropertyValue('status'),
    };
  });
  ICAL.TimezoneService.reset();
  return found;
}

function readByNodeIcal(text) {
  const value = (property) => property?.val ?? property ?? null;
  return Object.values(nodeIcal.sync.parseICS(text))
    .filter((component) => component.type === 'VEVENT')
    .map((event) => {
      // Days are midnights of this process's zone there.
      const at = (time) => (event.datetype === 'date' ? day(time) : time.toISOString());
      return {
        uid: event.uid,
        summary: value(event.summary),
        location: value(event.location),
        description: value(event.description),
        begin: at(event.start),
        end: at(event.end),
        zone: event.datetype === 'date' ? null : event.start.tz,
        sequence: Number(event.sequence),
        status: event.status,
      };
    });
}

const results = files.map((file) => {
  const text = fs.readFileSync(file, 'utf8');
  return { 'ical.js': readByIcalJs(text), 'node-ical': readByNodeIcal(text) };
});
process.stdout.write(JSON.stringify(results));
