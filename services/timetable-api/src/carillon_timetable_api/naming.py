"""Our ids for what sources name: sources, timetables, calendars, groups and rooms.

Ids are never given twice and never taken back. What was found is remembered in the process, and forgotten when a
transaction fails, since it may have held ids that were not committed.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from carillon_contracts.course import Calendar, GroupName, Source
from carillon_contracts.events import Named
from slugify import slugify
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api import group_names
from carillon_timetable_api.group_names import ParsedName


def sort_name(name: str) -> str:
    """Orders and finds names as people expect: without accents, ligatures and case."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def words_of(search: str) -> list[str]:
    """The words of a search as they stand in a `sort_name`; signs are none."""
    return re.findall(r"[^\W_]+", sort_name(search))


NamedTable = Literal["student_group", "room"]


class NewGroup(NamedTuple):
    """A name that is to become a group."""

    said: GroupName
    parsed: ParsedName

    @property
    def code(self) -> str:
        """The source's identifier, empty where there is none."""
        return self.said.code or self.parsed.code


class Names:
    """The ids known to this process."""

    def __init__(self) -> None:
        self._sources: dict[str, tuple[Source, int]] = {}
        self._calendars: dict[tuple[int, str], int] = {}
        self._groups: dict[tuple[str, GroupName], Named | None] = {}
        self._rooms: dict[str, Named] = {}
        self._by_id: dict[NamedTable, dict[int, dict[str, Any]]] = {"student_group": {}, "room": {}}

    def forget(self) -> None:
        """A transaction failed: what was learnt in it may not be there."""
        self.__init__()  # type: ignore[misc]

    async def source(self, connection: AsyncConnection, source: Source) -> int:
        """The source's id; its year and timetable are there as well."""
        found = self._sources.get(source.slug)
        if found is None or found[0] != source:
            found = self._sources[source.slug] = (source, await _source(connection, source))
        return found[1]

    async def calendar(self, connection: AsyncConnection, source_id: int, calendar: Calendar) -> int:
        """The calendar's id."""
        found = self._calendars.get((source_id, calendar.key))
        if found is None:
            query = """
                insert into calendar (source_id, key, name) values (:source_id, :key, :name)
                on conflict (source_id, key) do update set name = coalesce(excluded.name, calendar.name) returning id"""
            values = {"source_id": source_id, "key": calendar.key, "name": calendar.name}
            found = (await connection.execute(text(query), values)).scalar_one()
            self._calendars[source_id, calendar.key] = found
        return found

    async def groups(
        self, connection: AsyncConnection, publisher: str, source_id: int, names: Iterable[GroupName]
    ) -> dict[GroupName, Named]:
        """The groups of these names, made if they are new; a bare `S1` is none and is left out."""
        wanted = set(names)
        missing = [name for name in wanted if (publisher, name) not in self._groups]
        if missing:
            made = await _groups(connection, publisher, source_id, missing)
            self._groups.update({(publisher, name): made.get(name) for name in missing})
        found = {name: self._groups[publisher, name] for name in wanted}
        return {name: group for name, group in found.items() if group is not None}

    async def rooms(self, connection: AsyncConnection, names: Iterable[str]) -> dict[str, Named]:
        """The rooms of these names, made if they are new."""
        wanted = set(names)
        missing = sorted(wanted - self._rooms.keys())
        if missing:
            self._rooms.update(await _rooms(connection, missing))
        return {name: self._rooms[name] for name in wanted}

    async def of_ids(self, connection: AsyncConnection, table: NamedTable, ids: set[int]) -> dict[int, dict[str, Any]]:
        """Id, name and slug of groups or rooms, by id; they never change."""
        known = self._by_id[table]
        if missing := ids - known.keys():
            query = f"select id, name, slug from {table} where id = any(:ids)"  # noqa: S608 - our own names
            rows = (await connection.execute(text(query), {"ids": sorted(missing)})).mappings()
            known.update({row["id"]: dict(row) for row in rows})
        return {wanted: known[wanted] for wanted in ids}


async def _source(connection: AsyncConnection, source: Source) -> int:
    query = """
        insert into source (slug, format, url, publisher, skipped) values (:slug, :format, :url, :publisher, 0)
        on conflict (slug) do update set format = excluded.format, url = excluded.url, publisher = excluded.publisher
        returning id"""
    values = source.model_dump(include={"slug", "format", "url", "publisher"})
    source_id: int = (await connection.execute(text(query), values)).scalar_one()
    query = """
        insert into year (name, slug) values (:name, :slug)
        on conflict (name) do update set slug = excluded.slug returning id"""
    values = {"name": source.year, "slug": slugify(source.year) or "annee"}
    year_id = (await connection.execute(text(query), values)).scalar_one()
    values = {"year_id": year_id, "source_id": source_id}
    query = "delete from timetable where source_id = :source_id and year_id <> :year_id"
    await connection.execute(text(query), values)
    query = "select slug from timetable where year_id = :year_id and source_id <> :source_id"
    taken = set((await connection.execute(text(query), values)).scalars())
    query = """
        insert into timetable (name, slug, sort_name, year_id, source_id)
        values (:name, :slug, :sort_name, :year_id, :source_id)
        on conflict (year_id, source_id) do update
        set name = excluded.name, slug = excluded.slug, sort_name = excluded.sort_name"""
    name = source.timetable
    slug = _free_slug(slugify(name) or "emploi-du-temps", "", taken)
    values |= {"name": name, "slug": slug, "sort_name": sort_name(name)}
    await connection.execute(text(query), values)
    return source_id


async def _groups(
    connection: AsyncConnection, publisher: str, source_id: int, names: list[GroupName]
) -> dict[GroupName, Named]:
    candidates = [NewGroup(name, group_names.parse(name.name, name.mention)) for name in names]
    candidates = [new for new in candidates if not new.parsed.is_bare_semester]
    known = await _groups_by_key(connection, publisher, candidates)
    fresh: dict[tuple[str, str], NewGroup] = {}
    for new in sorted(candidates, key=lambda new: (new.parsed.key, new.code, new.said.name)):
        if (new.parsed.key, new.code) not in known:
            fresh.setdefault((new.parsed.key, new.code), new)
    if fresh:
        await _insert_groups(connection, publisher, source_id, list(fresh.values()))
        known = await _groups_by_key(connection, publisher, candidates)
    return {new.said: known[new.parsed.key, new.code] for new in candidates}


async def _groups_by_key(
    connection: AsyncConnection, publisher: str, candidates: list[NewGroup]
) -> dict[tuple[str, str], Named]:
    query = "select id, name, slug, key, code from student_group where publisher = :publisher and key = any(:keys)"
    values = {"publisher": publisher, "keys": [new.parsed.key for new in candidates]}
    rows = (await connection.execute(text(query), values)).mappings()
    return {(row["key"], row["code"]): Named(id=row["id"], name=row["name"], slug=row["slug"]) for row in rows}


async def _insert_groups(connection: AsyncConnection, publisher: str, source_id: int, fresh: list[NewGroup]) -> None:
    query = "select slug from student_group where publisher = :publisher"
    taken = set((await connection.execute(text(query), {"publisher": publisher})).scalars())
    rows = []
    for new in fresh:
        parsed, name = new.parsed, group_names.clean(new.said.name)
        rows.append(
            {
                "publisher": publisher,
                "source_id": source_id,
                "key": parsed.key,
                "code": new.code,
                "name": name,
                "celcat_name": name,
                "sort_name": sort_name(name),
                "mention": parsed.mention,
                "mention_key": parsed.mention_key,
                "semester": parsed.semester,
                "kind": parsed.kind,
                "subgroup": parsed.subgroup,
                "slug": _free_slug(parsed.slug, new.code, taken),
                "hidden": parsed.kind in ("G", "GP"),
            }
        )
    columns = ", ".join(rows[0])
    query = f"""
        insert into student_group ({columns}) values ({", ".join(f":{name}" for name in rows[0])})
        on conflict (publisher, key, code) do nothing"""  # noqa: S608 - our own column names
    await connection.execute(text(query), rows)
    await _relate(connection, publisher, {new.parsed.mention_key for new in fresh})


def _free_slug(slug: str, code: str, taken: set[str]) -> str:
    """The slug, told apart by the code or a number where another has it; from then on taken."""
    candidates = [slug, *([f"{slug}-{slugify(code)}"] if code else [])]
    free = next((candidate for candidate in candidates if candidate not in taken), None)
    number = 2
    while free is None or free in taken:
        free, number = f"{slug}-{number}", number + 1
    taken.add(free)
    return free


async def _relate(connection: AsyncConnection, publisher: str, mentions: set[str]) -> None:
    """Write which groups of these mentions are above which."""
    query = """
        select id, mention, semester, kind, subgroup from student_group
        where publisher = :publisher and mention_key = any(:mentions)"""
    rows = (await connection.execute(text(query), {"publisher": publisher, "mentions": sorted(mentions)})).mappings()
    parsed = [(row["id"], _stored_name(row)) for row in rows]
    pairs = [
        {"group_id": child_id, "ancestor_id": parent_id}
        for child_id, child in parsed
        for parent_id, parent in parsed
        if group_names.is_parent(parent, child)
    ]
    if pairs:
        query = """
            insert into group_ancestor (group_id, ancestor_id) values (:group_id, :ancestor_id)
            on conflict do nothing"""
        await connection.execute(text(query), pairs)


def _stored_name(row: RowMapping) -> ParsedName:
    section, digits = row["subgroup"][:1], row["subgroup"][1:]
    return ParsedName(row["mention"], row["semester"], row["kind"], section, digits, code="", slug="")


async def _rooms(connection: AsyncConnection, names: list[str]) -> dict[str, Named]:
    keys = {name: " ".join(name.replace("\xa0", " ").split()).casefold() for name in names}
    known = await _rooms_by_key(connection, keys.values())
    fresh = {key: name for name, key in reversed(keys.items()) if key not in known}
    if fresh:
        taken = set((await connection.execute(text("select slug from room"))).scalars())
        rows = [
            {
                "key": key,
                "name": name,
                "sort_name": sort_name(name),
                "slug": _free_slug(slugify(name, replacements=[("°", "")]) or "salle", "", taken),
            }
            for key, name in sorted(fresh.items())
        ]
        query = """
            insert into room (key, name, slug, sort_name) values (:key, :name, :slug, :sort_name)
            on conflict (key) do nothing"""
        await connection.execute(text(query), rows)
        known = await _rooms_by_key(connection, keys.values())
    return {name: known[key] for name, key in keys.items()}


async def _rooms_by_key(connection: AsyncConnection, keys: Iterable[str]) -> dict[str, Named]:
    query = "select id, name, slug, key from room where key = any(:keys)"
    rows = (await connection.execute(text(query), {"keys": list(keys)})).mappings()
    return {row["key"]: Named(id=row["id"], name=row["name"], slug=row["slug"]) for row in rows}
