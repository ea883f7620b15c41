"""A watched account in the sources file: `format = "pronote"`."""

from typing import Literal

from carillon_kit.sources_file import Secret, SourceEntry, WebAddress
from pydantic import Field

FORMAT = "pronote"
OTHERS = frozenset({"celcat-xml", "celcat-legacy", "celcat-calendar", "celcat-cloud", "ical"})
"""Read by the scraper from the same file."""


class PronoteEntry(SourceEntry):
    """One class, read with the account of a pupil or parent who agreed to it."""

    url: WebAddress = Field(description="The school's Pronote.")
    username: Secret
    password: Secret
    cas: str = Field(default="none", description="The portal's id.")
    account: Literal["student", "parent"] = "student"
    student: str | None = Field(default=None, description="A parent's child, by name; the first without it.")
    weeks: int = Field(default=3, ge=1, le=10, description="How many weeks are read, this one first.")
    zone: Literal["A", "B", "C"] | None = Field(
        default=None, description="Of school holidays, which are left in peace."
    )
