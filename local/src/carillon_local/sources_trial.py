"""What `carillon sources check` and `carillon scrape SLUG --dry-run` do: read sources once, publish nothing."""

import sys
from pathlib import Path

from carillon_kit.sources_file import SourcesFileError
from carillon_scraper.settings import Settings
from carillon_scraper.trial import SourceCheck, check_sources, dry_run


async def check(file: Path) -> int:
    """Read every source of the file and say what it shows; gives the exit status: 1 if one failed, 2 for a bad file."""
    failed = 0
    try:
        async for found in check_sources(file, Settings.from_environment()):
            failed += bool(found.failures)
            _show(found)
    except SourcesFileError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 1 if failed else 0


async def scrape(file: Path, slug: str) -> int:
    """Read one source and show its courses; gives the exit status, 2 also for an unknown slug."""
    try:
        found = await dry_run(file, slug, Settings.from_environment())
    except SourcesFileError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyError:
        sys.stderr.write(f"{file} has no source {slug} that the scraper reads.\n")
        return 2
    shown = {course.event_id: course for reading in found.readings for week in reading.weeks for course in week.courses}
    for course in sorted(shown.values(), key=lambda course: (course.begin, course.end, course.name)):
        groups, rooms = (", ".join(group.name for group in course.groups), ", ".join(course.rooms))
        print(f"{course.begin:%Y-%m-%d %H:%M}-{course.end:%H:%M}  {course.name}  [{course.type}]  {groups}  @ {rooms}")
    _show(found)
    return 1 if found.failures else 0


def _show(found: SourceCheck) -> None:
    """One line for what was read, one for each failure."""
    slug, weeks = found.source.slug, found.weeks
    span = f", weeks {weeks[0]} to {weeks[-1]}" if weeks else ""
    published = f", published {found.published_at:%Y-%m-%d %H:%M}" if found.published_at else ""
    skipped = f", {found.skipped} entries without a date skipped" if found.skipped else ""
    if found.readings or not found.failures:
        print(f"{slug}: {found.courses} courses in {found.calendars} calendars{span}{published}{skipped}")
    for failure in found.failures:
        print(f"{slug}: FAILED ({failure.code}): {failure.reason.en}")
