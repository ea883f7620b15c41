"""Measurements, printed as ratios taken in one run and never asserted: `make bench`.

Each module with a `main()` measures one thing and returns `Figure`s; the real servers are started as in the tests.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))  # the real servers are started as tests start them
