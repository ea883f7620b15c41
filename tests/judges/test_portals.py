"""pronotepy's and pronote-api's own portal functions, unmodified, through the simulated portals.

Both reach the portals under their real names through the simulator's proxy, and sign in to the Pronote behind each.
docs/ent.md has the table of what was judged so.
"""

import asyncio
import json
import os
from pathlib import Path

import lxml
import pytest
from carillon_ent_simulator import pronote_page, simulate
from carillon_pronote.ent import EntTable

pytestmark = pytest.mark.xdist_group("judges")

HERE = Path(__file__).parent
TABLE = EntTable.load()
NAMES = [name for account in TABLE for name in account.names if not account.is_direct]
PRONOTEPY = (
    [name for name in NAMES if "-" not in name and name.startswith(("cas_", "ent_", "ac_", "occitanie_", "ecollege_"))]
)
