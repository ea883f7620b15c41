"""The formats that the scraper reads, by their name in the sources file."""

from dataclasses import dataclass
from typing import Any

from carillon_kit.sources_file import SourceEntry

from carillon_scraper.readers import celcat_calendar, celcat_cloud, celcat_legacy, celcat_xml, ical
from carillon_scraper.readers.celcat_session import CelcatCalendarEntry
from carillon_scraper.visit import Reader


@dataclass(frozen=True)
class Format:
    """How one format is read; a `ranged` one is asked for weeks, the others publish all in one file."""

    entry: type[SourceEntry]
    read: Reader[Any]
    ranged: bool = False


FORMATS: dict[str, Format] = {
    "celcat-xml": Format(celcat_xml.CelcatXmlEntry, celcat_xml.read),
    "celcat-legacy": Format(celcat_legacy.CelcatLegacyEntry, celcat_legacy.read, ranged=True),
    "celcat-calendar": Format(CelcatCalendarEntry, celcat_calendar.read, ranged=True),
    "celcat-cloud": Format(celcat_cloud.CelcatCloudEntry, celcat_cloud.read),
    "ical": Format(ical.IcalEntry, ical.read),
}

ENTRIES: dict[str, type[SourceEntry]] = {name: known.entry for name, known in FORMATS.items()}

OTHERS = frozenset({"pronote"})
"""Read by the Pronote gateway from the same file."""
