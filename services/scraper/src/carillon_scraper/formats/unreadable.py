"""Entries of an answer that cannot be read: a few are left out and counted, too many refuse the answer."""

from carillon_kit.languages import Text

from carillon_scraper.failures import ParseError

BEARABLE_SHARE = 0.05


class Unreadable:
    """Counts them; `entries` is how many the answer has in all."""

    def __init__(self, entries: int) -> None:
        self.count, self._entries = 0, entries

    def skip(self, error: Exception, place: str) -> None:
        """Leave one out.

        Raises:
            ParseError: it is one too many.
        """
        self.count += 1
        if self.count > BEARABLE_SHARE * self._entries:
            reason = Text(
                f"{self.count} événements ou plus sur {self._entries} sont illisibles ({error})",
                f"{self.count} or more of {self._entries} events cannot be read ({error})",
            )
            raise ParseError("unreadable-events", reason, place) from error
