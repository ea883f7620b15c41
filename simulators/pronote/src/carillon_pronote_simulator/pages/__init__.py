"""The functions of the site, one module a subject; each answers with the content of `data`."""
