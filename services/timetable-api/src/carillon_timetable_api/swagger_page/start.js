"use strict";
// Shows one of the three documents: /docs?api=rooms; by default the timetables'.
const documents = ["timetable", "rooms", "pronote"];
const asked = new URLSearchParams(window.location.search).get("api");
const shown = documents.includes(asked) ? asked : documents[0];

document.querySelector(`nav a[href$="=${shown}"]`).setAttribute("aria-current", "page");
SwaggerUIBundle({
  url: `/openapi/${shown}.json`,
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "list",
  validatorUrl: null,
});
