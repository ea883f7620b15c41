"""Run in an environment of pronotepy: sign in with each of its ENT functions, and print what came of it as JSON.

Reads a JSON object from standard input: ``pages`` (function to Pronote page), ``username``, ``password``, and ``extra``
(a folder with the package lxml, which one of the functions needs and pronotepy does not ask for), and optionally
``only`` (names of functions).
"""

import functools
import inspect
import json
import sys
from concurrent.futures import ThreadPoolExecutor

given = json.load(sys.stdin)
sys.path.append(given["extra"])  # last: only what this environment lacks comes from there

import pronotepy  # noqa: E402
from pronotepy import ent  # noqa: E402


def functions():
    """All of pronotepy's portals by name, or those asked for."""
    found = dict(inspect.getmembers(ent, lambda each: inspect.isfunction(each) or isinstance(each, functools.partial)))
    return {name: found[name] for name in given.get("only", found)}


def taking_options(function):
    """``ac_rennes`` does not take the option that pronotepy's client passes; everything else is left as it is."""

    def call(username, password, **options):
        return function(username, password)

    return call if inspect.isfunction(function) else function


def try_portal(name, function):
    """``signed in`` with the name of the pupil, or the error's name."""
    try:
        client = pronotepy.Client(
            given["pages"][name], given["username"], given["password"], ent=taking_options(function)
        )
    except Exception as error:
        return type(error).__name__
    return f"signed in: {client.info.name}" if client.logged_in else "not signed in"


found = functions()
with ThreadPoolExecutor(8) as side_by_side:
    results = dict(zip(found, side_by_side.map(try_portal, found, found.values()), strict=True))
sys.stdout.write(json.dumps(results))
