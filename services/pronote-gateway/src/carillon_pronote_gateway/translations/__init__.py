"""From the client's values to the words of pronote-api: pure functions, one module a page."""
