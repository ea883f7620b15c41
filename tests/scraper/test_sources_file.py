"""The sources file: read whole, or refused with everything that is wrong, where, and how to mend it."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from carillon_kit.sources_file import Secret, SourceEntry, SourcesFileError, load_institution, load_sources, named_slugs


class PageEntry(SourceEntry):
    password: Secret | None = None


FORMATS = {"celcat-xml": PageEntry}
OTHERS = frozenset({"pronote"})

GOOD = """\
[institution]
name = "Université Toulouse III"
timezone = "Europe/Paris"

[[source]]
slug = "ut3-l1-ps"
format = "celcat-xml"
url = "https://edt.example.fr:8443/FSI/g220501.xml?x=1"
year = "L1"
timetable = "L1 PS"
every = "1h30m"

[[source]]
slug = "school"
format = "pronote"
anything = "is the other service's business"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path) -> list[str]:
    with pytest.raises(SourcesFileError) as caught:
        load_sources(path, FORMATS, OTHERS)
    return caught.value.problems


def test_a_good_file_is_read_and_the_other_services_entries_are_passed_over(tmp_path) -> None:
    sources = load_sources(written(tmp_path, GOOD), FORMATS, OTHERS)
    assert sources.institution.name == "Université Toulouse III"
    assert sources.institution.timezone == ZoneInfo("Europe/Paris")
    (entry,) = sources.entries
    assert (entry.slug, entry.every, entry.publish_teachers) == ("ut3-l1-ps", timedelta(hours=1.5), False)
    source = entry.source()
    assert source.publisher == "edt.example.fr:8443"
    assert source.url == "https://edt.example.fr:8443/FSI/g220501.xml"


def test_without_a_file_the_institution_is_nameless_in_paris() -> None:
    institution = load_institution(None)
    assert (institution.name, institution.timezone) == ("Carillon", ZoneInfo("Europe/Paris"))


def test_the_institution_alone_can_be_read_whatever_the_sources_are(tmp_path) -> None:
    path = written(tmp_path, GOOD.replace("celcat-xml", "of-the-future"))
    assert load_institution(path).name == "Université Toulouse III"


def test_everything_that_is_wrong_is_said_at_once_with_its_line_and_key(tmp_path) -> None:
    text = """\
[institution]
name = "Université"
timezone = "Europe/Toulouse"

[[source]]
slug = "one"
format = "celcat-xml"
urll = "https://edt.example.fr/g1.xml"
year = "L1"
timetable = "L1 PS"
every = "often"

[[source]]
slug = "one"
format = "excel"

[[source]]
slug = "Not A Slug"
format = "celcat-xml"
url = "edt.example.fr/g1.xml"
year = "L1"
timetable = "L1 PS"
password = "swordfish"

[mystery]
"""
    problems = refused(written(tmp_path, text))
    assert [p.split(":")[0] for p in problems] == [
        'line 3, institution, key "timezone"',
        'unknown table "mystery"',
        'line 5, source "one", key "url"',
        'line 11, source "one", key "every"',
        'line 8, source "one", key "urll"',
        'line 14, source "one", key "slug"',
        'line 15, source "one", key "format"',
        'line 18, source "Not A Slug", key "slug"',
        'line 20, source "Not A Slug", key "url"',
        'line 23, source "Not A Slug", key "password"',
    ]
    everything = "\n".join(problems)
    assert 'did you mean "url"?' in everything
    assert "known are: celcat-xml, pronote" in everything
    assert '"Europe/Paris"' in everything
    assert '{ env = "NAME" }' in everything
    assert "swordfish" not in everything


@pytest.mark.parametrize(
    "url", ["https://user:secret@host.test/g1.xml", "ftp://host.test/x", "https://", "https://h.test:99999/", "x y", 7]
)
def test_a_bad_address_is_refused_without_repeating_it(tmp_path, url) -> None:
    shown = f'"{url}"' if isinstance(url, str) else url
    (problem,) = refused(
        written(tmp_path, GOOD.replace('"https://edt.example.fr:8443/FSI/g220501.xml?x=1"', f"{shown}"))
    )
    assert problem.startswith('line 8, source "ut3-l1-ps", key "url": ')
    assert "secret" not in problem


def test_a_secret_is_read_from_where_it_is_referred_to(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("UT3_PASSWORD", "swordfish")
    (tmp_path / "token.txt").write_text("https://edt.example.fr/cal/ical/G1-secret/schedule.ics\n")
    text = GOOD.replace('every = "1h30m"', 'password = { env = "UT3_PASSWORD" }')
    text = text.replace('"https://edt.example.fr:8443/FSI/g220501.xml?x=1"', '{ file = "token.txt" }')
    (entry,) = load_sources(written(tmp_path, text), FORMATS, OTHERS).entries
    assert isinstance(entry, PageEntry)
    assert entry.password is not None
    assert entry.password.get_secret_value() == "swordfish"
    assert entry.address.endswith("/G1-secret/schedule.ics")
    assert entry.source().url == "https://edt.example.fr"
    assert "swordfish" not in repr(entry)
    assert "G1-secret" not in repr(entry)


def test_a_reference_to_nothing_names_what_is_missing(tmp_path) -> None:
    text = GOOD.replace('every = "1h30m"', 'password = { env = "CARILLON_TEST_UNSET" }')
    (problem,) = refused(written(tmp_path, text))
    assert problem == (
        'line 11, source "ut3-l1-ps", key "password": the environment variable CARILLON_TEST_UNSET is not set'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [("[institution", "is not TOML"), ("", "[institution] is missing"), ("source = 3", "[[source]]")],
)
def test_a_file_of_another_form_is_refused(tmp_path, text, expected) -> None:
    assert any(expected in problem for problem in refused(written(tmp_path, text)))


def test_a_missing_file_is_named(tmp_path) -> None:
    with pytest.raises(SourcesFileError, match=r"nowhere\.toml: cannot be read"):
        load_sources(tmp_path / "nowhere.toml", FORMATS, OTHERS)


@pytest.mark.parametrize(
    ("sources", "named"),
    [
        ('[[source]]\nslug = "a"\n[[source]]\nslug = "b"', {"a", "b"}),
        ('[[source]]\nslug = "a"\n[[source]]\nurl = "http://b.test/"', set()),
        ('[[source]]\nslug = "a"\n[[source]]\nslug = "a"', set()),
        ('[source]\nslug = "a"', set()),
        ("source = 3", set()),
        ("", set()),
    ],
)
def test_the_slugs_are_all_or_none(tmp_path, sources, named) -> None:
    assert named_slugs(written(tmp_path, sources)) == named
