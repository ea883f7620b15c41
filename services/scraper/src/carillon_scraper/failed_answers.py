"""The raw bytes of the last answer of each source that could not be used, so that an operator can send it on."""

import contextlib
import json
from datetime import datetime
from pathlib import Path

MAX_BYTES = 5_000_000


class FailedAnswers:
    """One answer a source in a folder that only the operator can read; without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def keep(self, slug: str, code: str, body: bytes, now: datetime) -> None:
        """Write the answer over the former one; a full disk does not stop the scraper."""
        if self._folder is None:
            return
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            about = {"source": slug, "code": code, "failed_at": now.isoformat(), "bytes": len(body)}
            for name, content in (("answer", body[:MAX_BYTES]), ("json", json.dumps(about).encode())):
                path = self._folder / f"{slug}.{name}"
                path.touch(mode=0o600)
                path.write_bytes(content)
