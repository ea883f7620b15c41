"""What one read of a source has met so far, and what is wrong with it in words."""

from dataclasses import dataclass, field
from datetime import datetime

from carillon_contracts.course import Calendar
from carillon_kit.languages import Text

from carillon_scraper.failures import ReadFailedError
from carillon_scraper.reading import Reading


@dataclass
class Tally:
    """`doubted` are calendars' weeks, `unlisted` calendars, that lost too much to be believed."""

    calendars: dict[str, Calendar] = field(default_factory=dict)
    published_at: datetime | None = None
    changed_weeks: set[str] = field(default_factory=set)
    doubted: list[str] = field(default_factory=list)
    unlisted: frozenset[str] = frozenset()
    failures: list[ReadFailedError] = field(default_factory=list)
    results: int = 0

    @property
    def complete(self) -> bool:
        """Every calendar that the source lists was read, and believed."""
        return not self.failures and not self.doubted

    def note(self, reading: Reading) -> None:
        """A calendar was read, or is as it was."""
        self.calendars[reading.calendar.key] = reading.calendar
        moments = [moment for moment in (self.published_at, reading.published_at) if moment is not None]
        self.published_at = min(moments, default=None)

    def failure(self) -> ReadFailedError | None:
        """The first failure, told with how many pages it befell; doubt only where nothing failed."""
        if self.doubted and not self.failures:
            return _implausible(
                self.doubted, "Trop de cours ont disparu d'un coup", "Too many courses vanished at once"
            )
        if self.unlisted and not self.failures:
            return _implausible(
                sorted(self.unlisted),
                f"{len(self.unlisted)} calendriers ne sont plus dans la liste",
                f"{len(self.unlisted)} calendars are no longer in the list",
            )
        if self.results <= 1 or not self.failures:
            return next(iter(self.failures), None)
        first, count, of = self.failures[0], len(self.failures), max(self.results, len(self.failures))
        reason = Text(f"{count} pages sur {of} : {first.reason.fr}", f"{count} of {of} pages: {first.reason.en}")
        return ReadFailedError(first.code, reason, body=first.body, retry_at=first.retry_at)


def _implausible(which: list[str], fr: str, en: str) -> ReadFailedError:
    some = ", ".join(which[:3]) + (" …" if len(which) > 3 else "")  # noqa: PLR2004
    return ReadFailedError(
        "implausible",
        Text(
            f"{fr} ({some}) : attend une seconde lecture pour y croire",
            f"{en} ({some}): waiting for a second read to believe it",
        ),
    )
