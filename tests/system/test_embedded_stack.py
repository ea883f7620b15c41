"""One command, then HTTP: the whole embedded stack on the made-up faculty and on recorded pages.

What is expected is read off the published XML by the standard library alone (`celcat_raw_pages`).
"""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta

import celcat_raw_pages as raw
import httpx
import pytest
from carillon_stack import Published
from embedded_life import check_life

WINDOWS = (("07:45", "09:45"), ("10:00", "10:05"), ("09:45", "10:05"), ("13:30", "18:00"), ("00:00", "23:59"))


def expected_and_shown(published: Published) -> tuple[list[tuple], list[tuple]]:
    return (
        sorted(map(repr, (course.shown() for course in published.courses))),
        sorted(map(repr, (raw.shown_by_api(course) for course in published.stack.all("/api/courses/")))),
    )


def check_rooms(published: Published, days: list[date]) -> int:
    """Compare QSJPS with a try of every course; gives how many free rooms were compared."""
    compared = 0
    rooms = [room["name"] for room in published.stack.all("/api/rooms/")]
    for day in days:
        for begin, end in WINDOWS:
            answer = published.stack.get(f"/api/rooms/qsjps/{day}/{begin}/{end}/").raise_for_status().json()
            times = (datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=raw.PARIS) for clock in (begin, end))
            shown = [room["name"] for room in answer]
            assert {raw.tidy(name) for name in shown} == raw.free_rooms(published.courses, *times), (day, begin, end)
            assert shown == [name for name in rooms if name in set(shown)]  # the same order as in the list of rooms
            compared += len(shown)
    return compared


def busiest_days(published: Published, count: int) -> list[date]:
    days = Counter(course.begin.date() for course in published.courses if course.rooms)
    return sorted(day for day, _ in days.most_common(count))


class TestTheMadeUpFaculty:
    def test_every_published_course_is_shown_once_with_all_its_fields(self, faculty: Published) -> None:
        assert len(faculty.courses) > 1000
        expected, shown = expected_and_shown(faculty)
        assert shown == expected

    def test_the_courses_are_those_of_the_simulators_own_model(self, faculty: Published) -> None:
        """Which knows nothing of XML, weeks as letters, or footers."""
        meetings = [meeting for meeting in faculty.stack.truth()["meetings"] if meeting["on_pages"]]
        expected = Counter(
            (meeting["begin"], meeting["end"], meeting["name"] or meeting["type"], tuple(sorted(meeting["rooms"])))
            for meeting in meetings
        )
        shown = Counter(
            (
                course["begin"][:19],
                course["end"][:19],
                course["name"],
                tuple(sorted(r["name"] for r in course["rooms"])),
            )
            for course in faculty.stack.all("/api/courses/")
        )
        assert shown == expected

    def test_the_rooms_of_the_faculty_are_those_with_courses(self, faculty: Published) -> None:
        rooms = {raw.tidy(room["name"]) for room in faculty.stack.all("/api/rooms/")}
        assert rooms == {room for course in faculty.courses for room in course.rooms}

    def test_free_rooms_are_those_without_a_course(self, faculty: Published) -> None:
        assert check_rooms(faculty, busiest_days(faculty, 4)) > 100

    def test_a_groups_week_has_its_courses_and_those_of_its_parents(self, faculty: Published) -> None:
        groups = {group["name"]: group for group in faculty.stack.all("/api/groups/")}
        wanted = groups["L1 MI s1 TPA11"]
        family = {
            "L1 MI",
            "L1 MI (toutes sections et semestres confondus)",
            "L1 MI s1",
            "L1 MI s1 CMA",
            "L1 MI s1 TDA1",
            "L1 MI s1 TPA11",
        }
        theirs = [course for course in faculty.courses if family & set(course.groups)]
        [((year, week), _)] = Counter(course.begin.isocalendar()[:2] for course in theirs).most_common(1)
        shown = faculty.stack.all(f"/api/groups/{wanted['id']}/courses/weeks/{year}/{week}/")
        expected = [course.shown() for course in theirs if course.begin.isocalendar()[:2] == (year, week)]
        assert len(expected) > 5
        assert sorted(map(repr, map(raw.shown_by_api, shown))) == sorted(map(repr, expected))
        begins = [course["begin"] for course in shown]
        assert begins == sorted(begins)

    def test_the_addresses_that_are_offered_at_the_start_all_answer(self, faculty: Published) -> None:
        offered = [line.split()[0] for line in faculty.stack.lines if line.startswith("  http://")]
        assert len(offered) == 5
        for url in offered:
            assert httpx.get(url, timeout=30, follow_redirects=True).status_code == 200, url

    def test_the_docs_show_every_services_api(self, faculty: Published) -> None:
        for service in ("timetable", "rooms", "pronote"):
            document = faculty.stack.get(f"/openapi/{service}.json").json()
            assert document["openapi"].startswith("3.1"), service
            assert f"/openapi/{service}.json" in faculty.stack.get("/docs").text

    def test_a_token_from_the_command_line_opens_the_webhooks(self, faculty: Published) -> None:
        def token(what: str) -> str:
            told = {**os.environ, "CARILLON_DATA_DIR": str(faculty.stack.data)}
            command = [sys.executable, "-m", "carillon_local", "token", what, "my-app"]
            return subprocess.run(command, env=told, capture_output=True, text=True, check=True).stdout.strip()

        made, url = token("create"), f"{faculty.stack.url}/api/webhooks/"
        assert httpx.get(url).status_code == 401
        assert httpx.get(url, headers={"Authorization": f"Bearer {made}"}).status_code == 200
        assert token("revoke") == "revoked"
        assert httpx.get(url, headers={"Authorization": f"Bearer {made}"}).status_code == 401

    def test_links_to_further_pages_lead_through_the_edge(self, faculty: Published) -> None:
        page = faculty.stack.get("/api/courses/").json()
        assert page["next"] == f"{faculty.stack.url}/api/courses/?page=2"

    def test_readiness_and_progress_were_said(self, faculty: Published) -> None:
        said = "\n".join(faculty.stack.lines)
        for part in (
            "postgresql",
            "nats",
            "migrations",
            "scraper",
            "timetable-api",
            "rooms",
            "pronote-gateway",
            "edge",
        ):
            assert f"  {part:<18} ready" in said
        assert f"Import: 8 of 8 sources are read, {len(faculty.courses)} courses are known." in said

    @pytest.mark.timeout(400)
    async def test_it_stops_keeps_its_data_mends_itself_and_leaves_nothing_behind(self, faculty: Published) -> None:
        """The last one: it ends the stack."""
        await check_life(faculty.stack)


class TestTheRecordedPages:
    def test_every_published_course_is_shown_once_with_all_its_fields(self, recorded: Published) -> None:
        expected, shown = expected_and_shown(recorded)
        assert shown == expected

    def test_a_source_that_cannot_be_read_is_said_and_holds_up_no_other(self, recorded: Published) -> None:
        said = "\n".join(recorded.stack.lines)
        assert "! Source ut3-gone: " in said
        assert "Import: 6 of 7 sources are read, 1085 courses are known." in said

    def test_the_figures_of_the_recorded_pages_are_these(self, recorded: Published) -> None:
        """Held as numbers, so that a mistake that both readers make alike shows as well."""
        courses = recorded.stack.all("/api/courses/")
        assert len(courses) == 1085
        assert len(recorded.stack.all("/api/rooms/")) == 98
        kinds = Counter(course["type"] for course in courses)
        digest = hashlib.sha256("\n".join(sorted(map(repr, map(raw.shown_by_api, courses)))).encode()).hexdigest()
        assert kinds == {
            "COURS/TD": 444, "TP": 238, "TD": 205, "COURS": 88, "Tpne": 88, None: 9, "ENCADREMENT PROJET": 7,
            "CONTROLE CONTINU": 3, "EXAMEN": 2, "CONFERENCE": 1,
        }  # fmt: skip
        assert digest == "498cc35ee80e64eab9e45a480172583bfda5773f5b83191fdb2fd525278f4d2c"

    def test_free_rooms_are_those_without_a_course(self, recorded: Published) -> None:
        assert check_rooms(recorded, busiest_days(recorded, 6)) > 1000

    def test_a_day_far_from_all_pages_has_every_room(self, recorded: Published) -> None:
        day = max(course.begin.date() for course in recorded.courses) + timedelta(days=900)
        assert len(recorded.stack.get(f"/api/rooms/qsjps/{day}/08:00/10:00/").json()) == 98

    def test_a_groups_courses_are_its_own_and_its_parents(self, recorded: Published) -> None:
        groups = {group["name"]: group for group in recorded.stack.all("/api/groups/")}
        shown = recorded.stack.all(f"/api/groups/{groups['L1 PS s1 TPA41']['id']}/courses/")
        family = {"L1 PS", "L1 PS s1", "L1 PS s1 CMA", "L1 PS s1 TDA4", "L1 PS s1 TPA41"}
        expected = [course.shown() for course in recorded.courses if family & set(course.groups)]
        assert len(expected) > 100
        assert sorted(map(repr, map(raw.shown_by_api, shown))) == sorted(map(repr, expected))
