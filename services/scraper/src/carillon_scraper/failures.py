"""Why a source could not be read: one error class, a stable code each, and sentences that a person can act on.

`ReadFailedError` is all that fetching raises; `ParseError` is all that a parser raises, with the place of the trouble.
"""

from datetime import datetime

from carillon_kit.languages import Text


class ReadFailedError(Exception):
    """A source, or a page of it, could not be read; what is known of it stays.

    `body` has the raw bytes of the answer where they may help. `final` says that going on with other pages of the
    source is useless, `transient` that the same request may succeed soon, `retry_at` when the host wants to be asked.
    """

    def __init__(
        self,
        code: str,
        reason: Text,
        *,
        body: bytes | None = None,
        final: bool = False,
        transient: bool = False,
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(f"{code}: {reason.en}")
        self.code, self.reason, self.body = code, reason, body
        self.final, self.transient, self.retry_at = final, transient, retry_at


class ParseError(ReadFailedError):
    """An answer is not what its format promises; `place` says where: a line, a path of the document."""

    def __init__(self, code: str, reason: Text, place: str) -> None:
        super().__init__(code, Text(f"{reason.fr} (à {place})", f"{reason.en} (at {place})"))
        self.place = place
