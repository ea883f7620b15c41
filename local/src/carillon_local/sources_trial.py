"""What `carillon sources check` and `carillon scrape SLUG --dry-run` do: read sources once, publish nothing."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from carillon_contracts.course import Course
from carillon_kit.sources_file import SourcesFileError, load_institution
from carillon_scraper.settings import Settings
from carillon_scraper.trial import Progress, SourceCheck, check_sources, dry_run
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress as ProgressBar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

console = Console()
errors = Console(stderr=True)


async def check(file: Path) -> int:
    """Read every source of the file, and show a table; gives the exit status: 1 if one failed, 2 for a bad file."""
    try:
        with _progress() as progress:
            found = [one async for one in check_sources(file, Settings.from_environment(), progress)]
    except SourcesFileError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    console.print(_table(found, load_institution(file).timezone))
    return 1 if any(one.failures for one in found) else 0


async def scrape(file: Path, slug: str) -> int:
    """Read one source and show its courses; gives the exit status, 2 also for an unknown slug."""
    try:
        with _progress() as progress:
            found = await dry_run(file, slug, Settings.from_environment(), progress)
    except SourcesFileError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyError:
        sys.stderr.write(f"{file} has no source {slug} that the scraper reads.\n")
        return 2
    zone = load_institution(file).timezone
    console.print(_courses(found, zone))
    console.print(_table([found], zone))
    return 1 if found.failures else 0


@contextmanager
def _progress() -> Iterator[Progress]:
    """Says on a terminal how far the reading is; elsewhere nothing."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with ProgressBar(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task("Reading…", total=None)
        yield lambda slug, calendars: bar.update(task, description=f"{slug}: {calendars} calendars read")


def _table(found: list[SourceCheck], zone: ZoneInfo) -> Table:
    table = Table("source", "courses", "calendars", "weeks", "published", "what is wrong")
    for one in found:
        weeks = f"{one.weeks[0]} to {one.weeks[-1]}" if one.weeks else "none"
        published = f"{one.published_at.astimezone(zone):%Y-%m-%d %H:%M}" if one.published_at else "not said"
        wrong = [f"[red]{failure.code}[/red]: {escape(failure.reason.en)}" for failure in one.failures]
        if one.skipped:
            wrong.append(f"{one.skipped} entries without a date were skipped")
        says = "\n".join(wrong) or "[green]nothing[/green]"
        table.add_row(one.source.slug, str(one.courses), str(one.calendars), weeks, published, says)
    return table


def _courses(found: SourceCheck, zone: ZoneInfo) -> Table:
    shown: dict[str, Course] = {
        course.event_id: course for reading in found.readings for week in reading.weeks for course in week.courses
    }
    table = Table("begin", "end", "course", "type", "groups", "rooms")
    for course in sorted(shown.values(), key=lambda course: (course.begin, course.end, course.name)):
        begin, end = course.begin.astimezone(zone), course.end.astimezone(zone)
        groups, rooms = ", ".join(group.name for group in course.groups), ", ".join(course.rooms)
        cells = (course.name, course.type or "", groups, rooms)
        table.add_row(f"{begin:%Y-%m-%d %H:%M}", f"{end:%H:%M}", *(escape(cell) for cell in cells))
    return table
