"""Pure parsers, one module a format: bytes in, readings or a `ParseError` out; no clock, no network, no log."""
