"""Reviewed results beside the tests; `CARILLON_UPDATE_GOLDEN=1` writes them anew, and the difference is read."""

import json
import os
from pathlib import Path
from typing import Any


def check(path: Path, found: Any) -> None:
    text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("CARILLON_UPDATE_GOLDEN") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == json.loads(text)
