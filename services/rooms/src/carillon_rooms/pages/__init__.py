"""The page of free rooms: here, because no other service can answer it."""
