"""`/calendars/personal/`: several groups and rooms in one calendar, with rules, a preview and a secret address."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta

from carillon_kit.problems import ProblemError
from fastapi import APIRouter, Request, Response
from sqlalchemy import text

from carillon_timetable_api import periods
from carillon_timetable_api.feeds import meetings, personal_routes
from carillon_timetable_api.feeds.choice import Choice
from carillon_timetable_api.feeds.colours import colour_of
from carillon_timetable_api.feeds.meetings import Meeting, Scope, Window
from carillon_timetable_api.feeds.personal_routes import Feed, FeedWanted
from carillon_timetable_api.naming import sort_name
from carillon_timetable_api.pages import names_found
from carillon_timetable_api.pages.names_found import Found, Kind
from carillon_timetable_api.pages.personal_form import PersonalForm
from carillon_timetable_api.pages.site import Visit, VisitDep
from carillon_timetable_api.pages.subscription import Subscription

router = APIRouter(include_in_schema=False)
_PREVIEW_DAYS = 28
_MOST_SHOWN = 30
_DEFAULT_NAME = "Emploi du temps"


class Preview:
    """What the next weeks would show: the courses that stay, and how many the rules take out."""

    def __init__(self, shown: list[Meeting], every: list[Meeting]) -> None:
        self.count, self.taken_out = len(shown), len(every) - len(shown)
        self.courses = shown[:_MOST_SHOWN]


async def _preview(visit: Visit, choice: Choice) -> Preview:
    period = periods.of_days(visit.now.date(), _PREVIEW_DAYS, visit.zone)
    window = Window(period.begin, period.end, visit.now)
    groups = await meetings.with_ancestors(visit.connection, choice.groups)
    every = await meetings.find(visit.connection, Scope(groups, choice.rooms), window, visit.zone)
    shown = await meetings.find(visit.connection, Scope(groups, choice.rooms, choice), window, visit.zone)
    return Preview(shown, every)


async def _chosen(visit: Visit, form: PersonalForm) -> list[Found]:
    """The chosen groups and rooms that exist; what does not leaves the form. Looks up the groups of rules too."""
    tables: tuple[tuple[Kind, str, list[int]], ...] = (
        ("group", "student_group", form.groups),
        ("room", "room", form.rooms),
    )
    found: list[Found] = []
    for kind, table, ids in tables:
        query = f"select id, name from {table} where id = any(:ids) order by sort_name, id"  # noqa: S608 - our own names
        found += [Found(kind, row.id, row.name) for row in await visit.connection.execute(text(query), {"ids": ids})]
    named = {value: sort_name(value) for _, aspect, value in form.rules if aspect == "group"}
    by_name = text(
        "select sort_name, min(id) as id from student_group where sort_name = any(:names) group by sort_name"
    )
    rows = await visit.connection.execute(by_name, {"names": list(named.values())})
    ids_of = {row.sort_name: row.id for row in rows}
    form.group_ids = {value: ids_of[name] for value, name in named.items() if name in ids_of}
    form.groups, form.rooms = ([one.id for one in found if one.kind == kind] for kind in ("group", "room"))
    return found


async def _rule_values(visit: Visit, choice: Choice | None) -> Iterable[str]:
    """The types and the groups of the courses of the chosen groups and rooms, to choose from."""
    if choice is None:
        return ()
    query = """
        with courses as materialized (
            select id, type from course where id in (
                select course_id from course_group where group_id = any(:groups)
                union select course_id from course_room where room_id = any(:rooms)))
        select distinct type from courses where type is not null
        union select g.name from courses c join course_group l on l.course_id = c.id
            join student_group g on g.id = l.group_id
        order by 1"""
    groups = await meetings.with_ancestors(visit.connection, choice.groups)
    values = {"groups": list(groups), "rooms": list(choice.rooms)}
    return (await visit.connection.execute(text(query), values)).scalars().all()


async def _page(visit: Visit, form: PersonalForm, *, status: int = 200, wrong: str | None = None) -> Response:
    chosen = await _chosen(visit, form)
    choice = form.choice
    return visit.answer(
        "personal.html",
        "calendars",
        status=status,
        form=form,
        chosen=chosen,
        to_add=await names_found.search(visit, form.find) if form.find else [],
        rule_values=await _rule_values(visit, choice),
        preview=await _preview(visit, choice) if choice else None,
        wrong=wrong or (None if choice or form.is_empty else "rule"),
        colour_of=colour_of,
        weeks=_PREVIEW_DAYS // timedelta(weeks=1).days,
    )


@router.get("/calendars/personal/")
async def personal(visit: VisitDep) -> Response:
    """The form and its preview; all that it holds is in the address."""
    return await _page(visit, PersonalForm(visit.request.query_params))


def _done(visit: Visit, done: str, feed: Feed | None) -> Response:
    shown = feed and Subscription(feed.name, feed.address)
    answer = visit.answer("personal_done.html", "calendars", done=done, feed=feed, subscription=shown)
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def _create(visit: Visit, form: PersonalForm, choice: Choice | None) -> Feed | None:
    wanted = FeedWanted(name=form.name or _DEFAULT_NAME, choice=_needed(choice))
    return await personal_routes.create(visit.request, visit.serving, wanted)


async def _change(visit: Visit, form: PersonalForm, choice: Choice | None) -> Feed | None:
    wanted = FeedWanted(name=form.name or _DEFAULT_NAME, choice=_needed(choice))
    await personal_routes.change(visit.serving, wanted, form.key)
    return None


async def _rotate(visit: Visit, form: PersonalForm, _choice: Choice | None) -> Feed | None:
    return await personal_routes.rotate(visit.request, visit.serving, form.key)


async def _delete(visit: Visit, form: PersonalForm, _choice: Choice | None) -> Feed | None:
    await personal_routes.delete(visit.serving, form.key)
    return None


class _NothingChosenError(Exception):
    """A calendar needs a group or a room."""


def _needed(choice: Choice | None) -> Choice:
    if choice is None:
        raise _NothingChosenError
    return choice


_DEEDS: dict[str, Callable[[Visit, PersonalForm, Choice | None], Awaitable[Feed | None]]] = {
    "create": _create,
    "change": _change,
    "rotate": _rotate,
    "delete": _delete,
}


@router.post("/calendars/personal/")
async def act(request: Request, visit: VisitDep) -> Response:
    """Make a calendar, or change, move or end the one whose key is given; shows the secret address once."""
    fields = await request.form()
    form = PersonalForm(fields)
    await _chosen(visit, form)
    done = str(fields.get("do") or "create")
    try:
        feed = await _DEEDS.get(done, _create)(visit, form, form.choice)
    except _NothingChosenError:
        return await _page(visit, form, status=422, wrong="nothing" if form.is_empty else "rule")
    except ProblemError as problem:
        return await _page(visit, form, status=problem.status, wrong="key")
    return _done(visit, done, feed)
