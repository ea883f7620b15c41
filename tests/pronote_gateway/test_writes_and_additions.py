"""What pronote-api lacks: accounts of teachers, writes, typed changes; the same through GraphQL and REST."""

import base64
from urllib.parse import quote

import icalendar
import pytest

ERAS = ["2023", "2025.2.8", "2026.2.5"]
SPAN = 'from: "2026-11-16", to: "2026-11-28"'
DAYS = {"from": "2026-11-16", "to": "2026-11-28"}


async def data(caller, token: str, document: str, **variables):
    answer = (await caller.ask(token, document, **variables)).json()
    assert "errors" not in answer, answer
    return answer["data"]


@pytest.mark.parametrize("era", ERAS)
async def test_homework_is_ticked_off_and_handed_in(era, gateway, pronote):
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root(era))
        query = f"{{ homeworks({SPAN}) {{ pronoteId done mayHandIn }} }}"
        first = (await data(caller, token, query))["homeworks"][0]
        tick = "mutation($id: String!, $done: Boolean!) { markHomework(homeworkId: $id, done: $done) }"
        await data(caller, token, tick, id=first["pronoteId"], done=not first["done"])
        assert (await data(caller, token, query))["homeworks"][0]["done"] is not first["done"]
        path = f"/homework/{quote(first['pronoteId'], safe='')}/done"
        assert (await caller.send("PUT", token, path, json={"done": first["done"]})).status_code == 204
        assert (await data(caller, token, query))["homeworks"][0]["done"] is first["done"]


async def test_a_file_is_handed_in_and_taken_back_both_ways(gateway, pronote):
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root("2025.2.8"))
        found = (await caller.read(token, "/homework", **{"from": "2026-11-02", "to": "2026-12-11"})).json()
        wanted = next(one["id"] for one in found if one["may_upload"])

        async def handed_in():
            again = (await caller.read(token, "/homework", **{"from": "2026-11-02", "to": "2026-12-11"})).json()
            return next(one["handed_in"] for one in again if one["id"] == wanted)

        document = (
            "mutation($id: String!, $content: String!)"
            ' { handInHomework(homeworkId: $id, name: "devoir.txt", contentBase64: $content) }'
        )
        await data(caller, token, document, id=wanted, content=base64.b64encode(b"Bonjour").decode())
        assert (await handed_in())["name"] == "devoir.txt"
        await data(caller, token, "mutation($id: String!) { withdrawHomework(homeworkId: $id) }", id=wanted)
        assert await handed_in() is None
        path = f"/homework/{quote(wanted, safe='')}/file"
        files = {"file": ("autre.txt", b"Bonsoir", "text/plain")}
        assert (await caller.send("PUT", token, path, files=files)).status_code == 204
        assert (await handed_in())["name"] == "autre.txt"
        assert (await caller.send("DELETE", token, path)).status_code == 204
        answer = (await caller.ask(token, document, id=wanted, content="@@")).json()
        assert answer["errors"][0]["extensions"]["code"] == 122


@pytest.mark.parametrize("era", ERAS)
async def test_discussions_are_read_answered_and_begun(era, gateway, pronote):
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root(era))
        found = (await data(caller, token, "{ discussions { id subject messagesCount isClosed isRead } }"))[
            "discussions"
        ]
        one = next(each for each in found if not each["isClosed"])
        reply = 'mutation($id: String!) { reply(discussionId: $id, message: "Merci <b>bien</b>") }'
        await data(caller, token, reply, id=one["id"])
        thread = "query($id: String!) { discussion(id: $id) { content isOwn } }"
        messages = (await data(caller, token, thread, id=one["id"]))["discussion"]
        assert any(each["isOwn"] and "Merci" in each["content"] for each in messages)
        path = f"/discussions/{quote(one['id'], safe='')}"
        assert (await caller.send("POST", token, f"{path}/replies", json={"message": "Encore"})).status_code == 204
        assert "Encore" in (await caller.read(token, path)).text
        read = "mutation($id: String!, $read: Boolean!) { markAsRead(discussionId: $id, read: $read) }"
        for wanted in (False, True):
            await data(caller, token, read, id=one["id"], read=wanted)
            again = (await data(caller, token, "{ discussions { id isRead } }"))["discussions"]
            assert next(each["isRead"] for each in again if each["id"] == one["id"]) is wanted
        recipients = (await data(caller, token, "{ recipients { id name acceptsMessages } }"))["recipients"]
        chosen = next(each["id"] for each in recipients if each["acceptsMessages"])
        body = {"subject": "Une question", "message": "Bonjour", "recipients": [chosen]}
        assert (await caller.send("POST", token, "/discussions", json=body)).status_code == 204
        assert "Une question" in (await caller.read(token, "/discussions")).text
        unknown = await caller.send("POST", token, "/discussions", json=body | {"recipients": ["3#nobody"]})
        assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/not-found")


@pytest.mark.parametrize("era", ERAS)
async def test_information_is_marked_and_surveys_answered(era, gateway, pronote):
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root(era))
        query = "{ infos { pronoteId title read isSurvey } }"
        one = next(each for each in (await data(caller, token, query))["infos"] if not each["isSurvey"])
        document = "mutation($id: String!, $read: Boolean!) { markAsRead(infoId: $id, read: $read) }"
        for wanted in (not one["read"], one["read"]):
            await data(caller, token, document, id=one["pronoteId"], read=wanted)
            again = (await data(caller, token, query))["infos"]
            assert next(each["read"] for each in again if each["pronoteId"] == one["pronoteId"]) is wanted
        news = (await caller.read(token, "/news")).json()
        survey = next(each for each in news if each["item"]["is_survey"] and each["questions"][0]["choices"])
        question = survey["questions"][0]
        rank = question["choices"][0]["rank"]
        path = f"/news/{quote(survey['item']['id'], safe='')}/answers"
        body = [{"question": question["id"], "choices": [rank]}]
        assert (await caller.send("POST", token, path, json=body)).status_code == 204
        again = (await caller.read(token, "/news")).json()
        answered = next(each for each in again if each["item"]["id"] == survey["item"]["id"])
        assert answered["questions"][0]["answer"]["choices"] == [rank]


@pytest.mark.parametrize(("page", "user"), [("teacher", "professeur"), ("administration", "demonstration2")])
async def test_teachers_and_staff_sign_in_too(page, user, gateway, pronote):
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root("2025.2.8"), page, username=user)
        found = await data(caller, token, "{ me { name account } user { name tabs { id } } params { title } }")
        assert found["me"]["account"] == page
        answer = (await caller.read(token, "/session")).json()
        assert answer["account"] == page
        marks = await caller.read(token, "/marks")
        assert marks.status_code in (403, 404, 502), marks.text


async def test_typed_changes_link_old_and_new(gateway, pronote):
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root("2025.2.8"))
        document = f"{{ timetableChanges({SPAN}) {{ kind before {{ subject from }} after {{ subject from }} }} }}"
        found = (await data(caller, token, document))["timetableChanges"]
        assert {each["kind"] for each in found} >= {"CANCELLED", "MOVED"}
        for each in found:
            assert each["before"] or each["after"]
            if each["kind"] == "MOVED" and each["before"] and each["after"]:
                assert each["before"]["subject"] == each["after"]["subject"]
        rest = (await caller.read(token, "/timetable/changes", **DAYS)).json()
        assert len(rest) >= len(found)


async def test_a_feed_shows_the_timetable_until_it_is_revoked(gateway, pronote):
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root("2025.2.8"))
        url = (await caller.send("POST", token, "/calendar-feeds")).json()["url"]
        assert token not in url
        answer = await caller.http.get(url)
        events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
        lessons = (await caller.read(token, "/timetable", **{"from": "2026-11-16", "to": "2026-11-21"})).json()
        assert len(events) > len(lessons)
        assert len({str(event["UID"]) for event in events}) == len(events)
        assert (await caller.send("DELETE", token, "/calendar-feeds/" + url.rsplit("/", 1)[1])).status_code == 204
        assert (await caller.http.get(url)).status_code == 404


async def test_files_pass_through_with_their_name_and_type(gateway, pronote):
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root("2025.2.8"))
        homework = (await caller.read(token, "/homework", **DAYS)).json()
        file = next(one for each in homework for one in each["attachments"] if one["kind"] == 1)
        answer = await caller.read(token, f"/files/{quote(file['id'], safe='')}", name=file["name"])
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/pdf"
        assert quote(file["name"]) in answer.headers["content-disposition"]
        assert answer.content.startswith(b"%PDF")
        assert (await caller.read(token, "/files/nothing", name="x.pdf")).status_code >= 400
        photo = await caller.read(token, "/photo")
        assert (photo.status_code, photo.headers["content-type"]) == (200, "image/jpeg")


async def test_a_parent_says_which_child_and_a_stranger_s_is_refused(gateway, pronote):
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root("2025.2.8"), "parent")
        document = f'{{ timetable(student: "PARENT Fanny", {SPAN}) {{ subject classes }} }}'
        assert (await data(caller, token, document))["timetable"]
        files = (await data(caller, token, '{ files(student: "PARENT Fanny") { name } }'))["files"]
        assert files  # pronote-api shows parents none
        answer = (await caller.ask(token, f'{{ timetable(student: "NOBODY", {SPAN}) {{ subject }} }}')).json()
        assert answer["errors"][0]["extensions"]["code"] == 123
        problem = await caller.read(token, "/timetable", student="NOBODY", **DAYS)
        assert (problem.status_code, problem.json()["code"]) == (404, 123)


PAGES = (
    "/session", "/school", "/user", "/timetable", "/timetable/changes", "/timetable/pronote-calendar", "/marks",
    "/evaluations", "/attendance", "/reports?period=Trimestre%201", "/homework", "/lesson-contents", "/news",
    "/menus", "/resources", "/discussions", "/recipients", "/teaching-staff",
)  # fmt: skip


@pytest.mark.parametrize("account", ["student", "parent"])
async def test_every_page_is_to_be_read_with_a_token_only(account, gateway, pronote):
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root("2025.2.8"), account)
        for path in PAGES:
            answer = await caller.send("GET", token, path)
            assert answer.status_code == 200, answer.text
            assert answer.json() is not None
            assert (await caller.http.get(f"/pronote/v1{path}")).status_code == 401


async def test_portals_instances_and_schools_are_looked_up_within_limits(gateway, pronote):
    root = pronote.root("2025.2.8")
    async with gateway(sign_ins_per_address="3/minute", geolocation_url=f"{pronote.url}/swie/geoloc.php") as caller:
        found = (await caller.http.get("/pronote/v1/ents", params={"search": "nantes"})).json()
        assert "ac-nantes" in {each["id"] for each in found}
        found = (await caller.http.get("/pronote/v1/ents/detection", params={"url": root})).json()
        assert [each["id"] for each in found] == ["none"]
        found = (await caller.http.get("/pronote/v1/instances", params={"url": root})).json()
        assert found["spaces"]
        near = {"latitude": 48.8, "longitude": 2.3}
        answer = await caller.http.get("/pronote/v1/schools", params=near)
        assert answer.json()[0]["name"] == "COLLEGE DES TROIS COLLINES"
        assert (await caller.http.get("/pronote/v1/schools", params=near)).status_code == 429


async def test_bad_parameters_are_told_as_problems(gateway, pronote):
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root("2025.2.8"))
        for parameters in ({"from": "0.5"}, {"from": "2026-13-45"}, {"to": "tomorrow"}):
            answer = await caller.read(token, "/timetable", **parameters)
            assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
        answer = await caller.read(token, "/marks", period="Trimestre 9")
        assert (answer.status_code, answer.json()["code"]) == (404, 123)
        answer = await caller.read(token, "/timetable", **{"from": "2026-09-01", "to": "2027-07-01"})
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/too-much-asked")
        wrong = {"url": pronote.root("2025.2.8"), "username": "demonstration", "password": "wrong"}
        answer = await caller.http.post("/pronote/v1/session", json=wrong, headers={"Accept-Language": "en"})
        assert (answer.status_code, answer.json()["code"]) == (401, 3)
        assert "wrong" not in answer.json()["detail"]
