"""`python -m carillon_local`: the same as `carillon`."""

from carillon_local.command_line import app

app()
