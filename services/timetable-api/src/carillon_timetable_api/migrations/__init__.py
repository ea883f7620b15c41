"""The database's history, one file a step; `migrate` applies them."""
