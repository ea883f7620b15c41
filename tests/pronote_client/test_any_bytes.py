"""Whatever comes from the network, the client answers with a value or a typed error, and soon."""

import contextlib
import copy
import json
import time
from zoneinfo import ZoneInfo

import httpx
import pytest
from carillon_pronote import HttpLimits, instances, pages
from carillon_pronote.errors import PronoteError
from carillon_pronote.school_year import read_account, read_school_year
from carillon_pronote.session_state import read_state
from carillon_pronote.start_page import read_start_page
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pronote_ordered_server import channel_over

PARIS = ZoneInfo("Europe/Paris")
fragments = st.sampled_from(
    [
        "Start",
        " (",
        "Start({",
        "h:'1'",
        '"h":1',
        ",a:3",
        "}",
        ")",
        "'",
        '"',
        "\\",
        "&#39;",
        "PRONOTE 2025.2.8",
        "\x00",
        "é",
        "_T",
        "{",
    ]
)
scraps = st.lists(fragments | st.text(max_size=5), max_size=60).map("".join)


@given(scraps | st.text(max_size=200))
def test_any_text_as_a_page(text):
    with contextlib.suppress(PronoteError):
        read_start_page(text)


@pytest.mark.parametrize(
    "scrap", ["Start({", "Start ({a:'", "Start({a:1,", 'Start({"', "Start( " * 3, "&quot;", "Start({h:1,a:\\"]
)
def test_a_large_hostile_page_is_read_in_bounded_time(scrap):
    page = scrap * (4_000_000 // len(scrap))
    began = time.process_time()
    with pytest.raises(PronoteError):
        read_start_page(page)
    assert time.process_time() - began < 2


def answering(answer: bytes, status: int) -> httpx.MockTransport:
    return httpx.MockTransport(lambda _: httpx.Response(status, content=answer))


answers = st.one_of(
    st.binary(max_size=200),
    scraps.map(str.encode),
    st.builds(
        lambda body, number: json.dumps({"dataSec": body, "no": number, "session": 1}).encode(),
        st.one_of(
            st.none(), st.integers(), st.text(max_size=20), st.binary(max_size=64).map(bytes.hex), st.just({"data": []})
        ),
        st.one_of(st.none(), st.text(max_size=10), st.binary(max_size=32).map(bytes.hex)),
    ),
    st.builds(
        lambda error: json.dumps({"Erreur": error}).encode(),
        st.none() | st.text() | st.just({"G": []}) | st.just({"G": "x"}),
    ),
    st.just(b"[" * 100_000),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers, st.sampled_from([200, 204, 302, 403, 404, 429, 500, 503]), st.booleans(), st.booleans())
async def test_any_bytes_as_an_answer(answer, status, aes, compression):
    one = channel_over(answering(answer, status), aes=aes, compression=compression)
    with contextlib.suppress(PronoteError):
        await one.call("PageMenus", {})


async def test_an_answer_is_read_no_further_than_its_limit():
    one = channel_over(answering(b" " * 2_000_000, 200), limits=HttpLimits(largest_answer=1_000_000))
    with pytest.raises(PronoteError, match="1000000 bytes"):
        await one.call("PageMenus", {})


@pytest.fixture(scope="module")
def decoders(page):
    year = read_school_year(page("FonctionParametres"))
    return {
        "FonctionParametres": [read_school_year, lambda raw: pages.parameters.decode(raw, PARIS)],
        "ParametresUtilisateur.student": [read_account, lambda raw: pages.user.decode(raw, PARIS)],
        "ParametresUtilisateur.parent": [read_account, lambda raw: pages.user.decode(raw, PARIS)],
        "ParametresUtilisateur.teacher": [read_account, pages.school_life.decode_classes],
        "PageEmploiDuTemps": [lambda raw: pages.timetable.decode(raw, year, PARIS)],
        "PageCahierDeTexte.88": [pages.homework.decode],
        "PageCahierDeTexte.89": [lambda raw: pages.lesson_contents.decode(raw, PARIS)],
        "donneesContenusCDT": [
            lambda raw: pages.lesson_contents.decode(raw, PARIS),
            pages.lesson_contents.decode_entry_homework,
        ],
        "DernieresNotes": [pages.marks.decode],
        "PageBulletins": [pages.reports.decode],
        "DernieresEvaluations": [pages.evaluations.decode],
        "PagePresence": [lambda raw: pages.attendance.decode(raw, PARIS)],
        "PageActualites.list": [lambda raw: pages.news.decode(raw, PARIS)],
        "PageActualites.detail": [pages.news.decode_detail],
        "PageMenus": [pages.menus.decode],
        "RessourcePedagogique": [pages.resources.decode],
        "ListeMessagerie": [pages.discussions.decode_discussions],
        "ListeMessages": [lambda raw: pages.discussions.decode_thread(raw, PARIS)],
        "ListeRessourcesPourCommunication.3": [pages.recipients.decode],
        "ListeRessourcesPourCommunication.34": [pages.recipients.decode],
        "PageInfosPerso": [pages.personal_information.decode],
        "PageEquipePedagogique": [pages.teaching_staff.decode],
        "ListeRessources": [pages.school_life.decode_pupils],
        "FicheEleve": [pages.school_life.decode_record],
        "PageAccueil": [pages.home_page.decode],
    }


junk = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.just([]), st.just({}), st.just([1, "a"]), st.just({"_T": 24}),
    st.just({"_T": 7, "V": "x"}), st.just({"_T": 24, "V": {}}), st.floats(),
)  # fmt: skip


def damaged(tree, data):
    """Replace one member of a sample answer, at any depth, by something else."""
    tree = copy.deepcopy(tree)
    node = tree
    for _ in range(12):
        names = list(node) if isinstance(node, dict) else range(len(node))
        if not names:
            return tree
        name = data.draw(st.sampled_from(list(names)))
        inner = node[name]
        if not isinstance(inner, dict | list) or data.draw(st.booleans()):
            node[name] = data.draw(junk)
            return tree
        node = inner
    return tree


@settings(max_examples=300)
@given(data=st.data())
def test_damaged_pages_decode_or_are_typed_errors(decoders, page, data):
    name = data.draw(st.sampled_from(sorted(decoders)))
    raw = damaged(page(name), data)
    for decode in decoders[name]:
        with contextlib.suppress(PronoteError):
            decode(raw)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=15,
)


@given(json_values)
def test_any_json_as_instance_schools_or_stored_state(raw):
    for read in (instances.decode_instance, lambda value: instances.decode_nearby_schools(value, 0, 0), read_state):
        with contextlib.suppress(PronoteError):
            read(raw)
