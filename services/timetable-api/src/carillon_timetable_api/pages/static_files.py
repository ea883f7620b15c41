"""Scripts, styles, icons and the typeface of the pages."""

from os import PathLike, stat_result
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles

_VENDORED = "public, max-age=31536000, immutable"
_OURS = "public, max-age=300, stale-while-revalidate=86400"


class PageFiles(StaticFiles):
    """Vendored files have their version in their name and are kept for ever; ours are asked for again soon."""

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, *args: Any, **kwargs: Any
    ) -> Response:
        """The file with how long it may be kept."""
        answer = super().file_response(full_path, stat_result, *args, **kwargs)
        answer.headers["Cache-Control"] = _VENDORED if "vendor" in str(full_path) else _OURS
        return answer
