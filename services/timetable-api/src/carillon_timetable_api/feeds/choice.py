"""What a feed or a filtered list shows: groups, rooms, and rules that take single courses out or back in."""

import re
from typing import Annotated, Literal

from carillon_kit.languages import Text
from pydantic import BaseModel, ConfigDict, Field, model_validator

from carillon_timetable_api.changes.filters import Id

_LONGEST = 200
STORABLE = r"^[^\x00]*$"
"""What the database can hold as text."""


class Rule(BaseModel):
    """Names courses by all that it states; `*` in `name` and `type` stands for anything, letter case does not count."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    action: Literal["include", "exclude"]
    name: str | None = Field(default=None, min_length=1, max_length=_LONGEST, pattern=STORABLE, examples=["*Anglais*"])
    type: str | None = Field(default=None, min_length=1, max_length=_LONGEST, pattern=STORABLE, examples=["COURS"])
    group: Id | None = Field(default=None, description="A group of the course itself, without parents.")

    @model_validator(mode="after")
    def _states_something(self) -> "Rule":
        if self.name is None and self.type is None and self.group is None:
            raise ValueError(
                Text("une règle nomme un cours, un type ou un groupe.", "a rule needs a name, a type or a group.")
            )
        return self

    def names(self, name: str, type_: str | None, groups: frozenset[int]) -> bool:
        """Whether a course is meant by this rule."""
        return (
            (self.name is None or _is_like(self.name, name))
            and (self.type is None or (type_ is not None and _is_like(self.type, type_)))
            and (self.group is None or self.group in groups)
        )


def _is_like(pattern: str, value: str) -> bool:
    parts = (re.escape(part) for part in pattern.casefold().split("*"))
    return re.fullmatch(".*".join(parts), value.casefold(), re.DOTALL) is not None


class Choice(BaseModel):
    """Courses of any of the groups (parents included) or rooms; the first rule that names a course decides."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    groups: Annotated[tuple[Id, ...], Field(max_length=50)] = ()
    rooms: Annotated[tuple[Id, ...], Field(max_length=50)] = ()
    rules: Annotated[tuple[Rule, ...], Field(max_length=100)] = ()

    @model_validator(mode="after")
    def _chooses_something(self) -> "Choice":
        if not self.groups and not self.rooms:
            raise ValueError(Text("choisissez au moins un groupe ou une salle.", "choose at least one group or room."))
        return self

    def shows(self, name: str, type_: str | None, groups: frozenset[int]) -> bool:
        """Whether a course of these groups or rooms is shown; one that no rule names is."""
        for rule in self.rules:
            if rule.names(name, type_, groups):
                return rule.action == "include"
        return True
