"""Files as a web server gives them: validators, recorded files, indexes, the sources file."""

import re
import tomllib

import httpx
import pytest
from carillon_celcat_simulator import demonstration_sources
from carillon_celcat_simulator.recorded import RecordedFiles
from celcat_simulators import running_celcat_simulator
from lxml import etree


def test_a_file_has_validators_and_is_not_sent_again_to_who_holds_it(simulator):
    first = simulator.get("/publisher/g220501.xml")
    assert first.headers["content-type"] == "text/xml"
    again = simulator.get("/publisher/g220501.xml", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    by_date = simulator.get("/publisher/g220501.xml", headers={"If-Modified-Since": first.headers["last-modified"]})
    assert by_date.status_code == 304
    both = {"If-None-Match": '"other"', "If-Modified-Since": first.headers["last-modified"]}
    assert simulator.get("/publisher/g220501.xml", headers=both).status_code == 200


def test_validators_change_with_the_publication(own_simulator):
    before = own_simulator.get("/publisher/g220501.xml").headers
    own_simulator.post("/simulator/publish")
    after = own_simulator.get("/publisher/g220501.xml", headers={"If-None-Match": before["etag"]})
    assert after.status_code == 200
    assert after.headers["etag"] != before["etag"]
    assert after.headers["last-modified"] != before["last-modified"]


def test_recorded_files_are_served_byte_for_byte(celcat_samples):
    recorded = [path for path in celcat_samples.rglob("*") if path.suffix in (".xml", ".ics", ".json")]
    assert len(recorded) >= 15
    with running_celcat_simulator(recorded=celcat_samples) as url, httpx.Client(base_url=url) as client:
        for path in recorded:
            answer = client.get(f"/recorded/{path.name}")
            assert answer.content == path.read_bytes()
            assert (
                client.get(f"/recorded/{path.name}", headers={"If-None-Match": answer.headers["etag"]}).status_code
                == 304
            )
        assert client.get("/recorded/INDEX.tsv").status_code == 404
        assert client.get("/recorded/..%2FINDEX.tsv").status_code == 404


def test_a_folder_that_is_not_there_and_two_files_of_one_name_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="--recorded names a folder"):
        RecordedFiles(tmp_path / "missing")
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.xml").write_text("<a/>")
    with pytest.raises(ValueError, match=r"same\.xml"):
        RecordedFiles(tmp_path)


def test_every_group_is_found_through_both_indexes(simulator, truth):
    options = re.findall(r'<option value="g(\d+)\.html">([^<]+)</option>', simulator.get("/publisher/gindex.html").text)
    root = etree.fromstring(simulator.get("/publisher/finder.xml").content)
    found = [(it.find("link").get("href")[1:-5], it.findtext("name")) for it in root.iter("resource")]
    assert {it.get("type") for it in root.iter("resource")} == {"group"}
    assert found == options
    assert [int(identifier) for identifier, _ in found] == [group["id"] for group in truth["groups"]]
    assert found[0][1] == "L1 MI (toutes sections et semestres confondus)"
    assert 'value="finder.html"' in simulator.get("/publisher/index.html").text


def test_the_sources_file_names_a_page_a_mention(simulator, truth):
    base = str(simulator.base_url).rstrip("/")
    text = simulator.get("/sources.toml").text
    assert text == demonstration_sources(base)
    sources = tomllib.loads(text)
    assert sources["institution"] == {"name": "Université de Carillon", "timezone": "Europe/Paris"}
    assert {source["timetable"] for source in sources["source"]} == {group["mention"] for group in truth["groups"]}
    assert len({source["slug"] for source in sources["source"]}) == len(sources["source"]) == 8
    for source in sources["source"]:
        assert source["format"] == "celcat-xml"
        assert source["timetable"].startswith(source["year"])
        heading = f"Emploi du temps Groupe - {source['timetable']} (toutes sections et semestres confondus)"
        assert heading in httpx.get(source["url"]).text


def test_what_is_not_published_is_not_found(simulator):
    for path in ("g1.xml", "r3001.xml", "x220501.xml", "g220501.pdf", "other/g220501.ics", "g220501"):
        assert simulator.get(f"/publisher/{path}").status_code == 404
