"""Reviewed results beside the tests; `CARILLON_UPDATE_GOLDEN=1` writes them anew, and the difference is read."""

import json
import os
from pathlib import Path
from typing import Any


def check(path: Path, found: Any) -> None:
    """The file holds this as JSON."""
    text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    assert json.loads(_reviewed(path, text)) == json.loads(text)


def check_text(path: Path, text: str) -> None:
    """The file is this text."""
    assert _reviewed(path, text) == text


def _reviewed(path: Path, text: str) -> str:
    if os.environ.get("CARILLON_UPDATE_GOLDEN") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8")
