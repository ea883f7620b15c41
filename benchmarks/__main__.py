"""`python -m benchmarks [name …]` runs all benchmarks, or those named, one after the other, and prints a table."""

import importlib
import pkgutil
import sys
import traceback

from rich.console import Console
from rich.table import Table

import benchmarks
from benchmarks.figures import Figure


def run(names: list[str]) -> int:
    """Run them; the status is 1 if one could not be measured."""
    table = Table("benchmark", "measured", "ratio", "aim", title="Carillon, measured in one run on this machine")
    failed = False
    for name in names or sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__)):
        main = getattr(importlib.import_module(f"benchmarks.{name}"), "main", None)
        if main is None or name.startswith("_"):
            continue
        sys.stderr.write(f"{name} …\n")
        try:
            figures: list[Figure] = main()
        except Exception:  # noqa: BLE001 - the others are still worth measuring
            traceback.print_exc()
            failed = True
            continue
        for figure in figures:
            ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
            table.add_row(figure.what, figure.measured, ratio, figure.aim)
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    return int(failed)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
