"""Sources files (TOML) that name the simulator's own addresses, so that a scraper can be started on it at once."""

import json
import re
from collections.abc import Iterable

from carillon_celcat_simulator.model.faculty import INSTITUTION, faculty_groups
from carillon_celcat_simulator.model.timetable import Group


def demonstration_sources(base_url: str) -> str:
    """The sources file of the made-up faculty served at `base_url`: one Web Publisher page a mention."""
    return sources_file(base_url, INSTITUTION, [group for group in faculty_groups() if not group.kind])


def sources_file(base_url: str, institution: str, mentions: Iterable[Group]) -> str:
    """The sources file of any publication of Web Publisher pages under `<base_url>/publisher/`."""
    base = base_url.rstrip("/")
    name = json.dumps(institution, ensure_ascii=False)
    tables = [f"[institution]\nname = {name}\ntimezone = {json.dumps('Europe/Paris')}\n"]
    tables += [
        "[[source]]\n"
        f"slug = {json.dumps(_slug(mention.mention))}\n"
        'format = "celcat-xml"\n'
        f"url = {json.dumps(f'{base}/publisher/g{mention.identifier}.xml')}\n"
        f"year = {json.dumps(mention.level)}\n"
        f"timetable = {json.dumps(mention.mention)}\n"
        'every = "1h"\n'
        for mention in mentions
    ]
    return "\n".join(tables)


def _slug(mention: str) -> str:
    return "made-up-" + re.sub(r"[^a-z0-9]+", "-", mention.lower()).strip("-")
