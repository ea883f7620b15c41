"""Which requests a format takes: one module a format, with the keys of its entries in the sources file."""
