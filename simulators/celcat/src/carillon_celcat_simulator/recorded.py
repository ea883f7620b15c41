"""Recorded files, served as they are."""

from datetime import UTC, datetime
from pathlib import Path

from carillon_celcat_simulator.publisher.static_files import StaticFile, static_file

_MEDIA_TYPES = {".xml": "text/xml", ".ics": "text/calendar", ".json": "application/json"}


class RecordedFiles:
    """The `*.xml`, `*.ics` and `*.json` below a folder, by file name.

    Raises:
        FileNotFoundError: the folder is not there.
        ValueError: two files below it have the same name.
    """

    def __init__(self, folder: Path | None) -> None:
        self._paths: dict[str, Path] = {}
        if folder is None:
            return
        if not folder.is_dir():
            raise FileNotFoundError(f"no folder {folder}: --recorded names a folder of recorded files")
        for path in sorted(folder.rglob("*")):
            if path.suffix in _MEDIA_TYPES:
                if path.name in self._paths:
                    raise ValueError(f"two recorded files are called {path.name}: give them different names")
                self._paths[path.name] = path

    def names(self) -> list[str]:
        """The names that are served."""
        return list(self._paths)

    def get(self, name: str) -> StaticFile | None:
        """The file with this name, read anew each time."""
        path = self._paths.get(name)
        if path is None:
            return None
        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return static_file(path.read_bytes(), _MEDIA_TYPES[path.suffix], modified)
