"""`celcat-cloud`: the JSON of a `…celcat.cloud` site, asked student set by student set."""

from collections.abc import AsyncIterator
from urllib.parse import urlencode, urljoin

from carillon_kit.sources_file import SourceEntry
from pydantic import Field, field_validator

from carillon_scraper.fetching.answer import Answer
from carillon_scraper.formats import celcat_cloud
from carillon_scraper.readers.one_by_one import one_by_one, parsed
from carillon_scraper.readers.resource_choice import Patterns, calendar_key, is_pattern
from carillon_scraper.reading import Reading
from carillon_scraper.visit import Result, Visit

STUDENT_SET = "1001"


class CelcatCloudEntry(SourceEntry):
    """`url` is the site's address, e.g. https://lodz.celcat.cloud; the groups are ids of student sets."""

    groups: Patterns = Field(description="Ids; the site has no public list of them.")

    @field_validator("groups")
    @classmethod
    def _are_ids(cls, value: Patterns) -> Patterns:
        if any(is_pattern(name) for name in value):
            raise ValueError("the cloud has no list of its groups, so each id is written out, without * or ?")
        return value


async def read(visit: Visit[CelcatCloudEntry]) -> AsyncIterator[Result]:
    """Read set after set; one that fails does not keep the others from being read."""
    async for result in one_by_one(visit.entry.groups, str, lambda resource: _student_set(visit, resource)):
        yield result


async def _student_set(visit: Visit[CelcatCloudEntry], resource: str) -> Result:
    url = urljoin(visit.entry.address, "/cal/events") + "?" + urlencode({resource: STUDENT_SET})
    teachers = visit.entry.publish_teachers
    key = calendar_key(resource)

    async def reading(answer: Answer) -> Reading:
        return await parsed(celcat_cloud.parse, answer, key, visit.zone, resource, publish_teachers=teachers)

    return await visit.page(url, reading)
