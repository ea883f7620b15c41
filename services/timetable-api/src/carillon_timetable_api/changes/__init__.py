"""What changed, read from the journal: lists by cursor, a live stream, Atom, webhooks; with the same filters."""
