"""Groups, rooms, timetables and names of courses that are called what was typed, or something like it.

What holds each word typed is found first. Only if nothing does, trigrams (pg_trgm) forgive typos: each word must be
like a part of the name. `sort_name` forgives accents and case. Hidden groups come last, whatever they are called.
"""

from dataclasses import dataclass
from typing import Any, Literal

from carillon_kit.languages import Text
from carillon_kit.problems import bad_parameter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carillon_timetable_api.naming import words_of

Kind = Literal["group", "room", "timetable", "course"]
MOST_WORDS = 8

_LIKENESS = 0.33
"""The share of trigrams that a word and a part of a name have in common: two letters swapped leave a third."""

_TABLES: dict[Kind, str] = {
    "group": "select id, name, sort_name, hidden from student_group",
    "room": "select id, name, sort_name, false as hidden from room",
    "timetable": """
        select id, name, sort_name, false as hidden from timetable
        where source_id in (select id from source where withdrawn_at is null)""",
    "course": "select cast(null as int) as id, name, sort_name, false as hidden from course_name",
}
_IS_STILL_GIVEN = "exists (select from course c where c.name = ranked.name and c.cancelled_at is null)"


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found; a name of courses has no id."""

    kind: Kind
    id: int | None
    name: str
    hidden: bool


def words_asked_for(parameter: str, typed: str) -> list[str]:
    """The words of a query parameter, at least one; a 422 problem if signs are all it has."""
    words = words_of(typed)
    if not words:
        wrong = Text("écrivez au moins une lettre ou un chiffre.", "write at least a letter or digit.")
        raise bad_parameter(parameter, wrong)
    return words


async def find(engine: AsyncEngine, words: list[str], kinds: tuple[Kind, ...], limit: int) -> list[Hit]:
    """The best first; `words` as `naming.words_of` gives them, at least one and at most eight."""
    async with engine.begin() as connection:
        exact = await _ask(connection, _Exact(words), kinds, limit)
        if exact:
            return exact
        await connection.execute(text(f"set local pg_trgm.word_similarity_threshold = {_LIKENESS}"))
        return await _ask(connection, _Alike(words), kinds, limit)


class _Exact:
    """Names that hold each word: the name itself first, then names that begin so, then words that begin so."""

    def __init__(self, words: list[str]) -> None:
        together = " ".join(words)
        self.values: dict[str, Any] = {f"part{n}": f"%{word}%" for n, word in enumerate(words)}
        self.values |= {f"begin{n}": f"% {word}%" for n, word in enumerate(words)}
        self.values |= {"whole": together, "start": f"{together}%"}
        numbers = range(len(words))
        self.condition = " and ".join(f"sort_name like :part{n}" for n in numbers)
        begins = " + ".join(f"cast({_BLANKS} like :begin{n} as int)" for n in numbers)
        self.likeness = (
            f"1000 * cast(sort_name = :whole as int) + 100 * cast(sort_name like :start as int)"
            f" + 10.0 * ({begins}) + 1.0 / (1 + length(sort_name))"
        )


_BLANKS = "(' ' || translate(sort_name, '-_/.,;:()''’', '           '))"


class _Alike:
    """Names of which some part is like each word; the whole counts a little, so that the shorter name is first."""

    def __init__(self, words: list[str]) -> None:
        self.values: dict[str, Any] = {f"word{n}": word for n, word in enumerate(words)}
        self.values["whole"] = " ".join(words)
        names = [f"cast(:word{n} as text)" for n in range(len(words))]
        self.condition = " and ".join(f"sort_name %> {name}" for name in names)
        likeness = " + ".join(f"word_similarity({name}, sort_name)" for name in names)
        self.likeness = f"0.9 * ({likeness}) / {len(words)} + 0.1 * similarity(cast(:whole as text), sort_name)"


async def _ask(connection: AsyncConnection, wanted: _Exact | _Alike, kinds: tuple[Kind, ...], limit: int) -> list[Hit]:
    # Ranked first (`offset 0` keeps that apart), so that of the names of courses only the best are looked up.
    parts = [
        f"""(select '{kind}' as kind, ranked.* from (
                select id, name, hidden, sort_name, {wanted.likeness} as likeness
                from ({_TABLES[kind]}) named where {wanted.condition}
                order by hidden, likeness desc, sort_name collate "C", id offset 0) ranked
            where {_IS_STILL_GIVEN if kind == "course" else "true"} limit :limit)"""  # noqa: S608 - no outside text
        for kind in kinds
    ]
    query = f"""
        select kind, id, name, hidden from ({" union all ".join(parts)}) hits
        order by hidden, likeness desc, sort_name collate "C", kind, id limit :limit"""  # noqa: S608
    rows = (await connection.execute(text(query), {**wanted.values, "limit": limit})).mappings()
    return [Hit(**row) for row in rows]
