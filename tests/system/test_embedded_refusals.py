"""What the embedded mode does not start with, and how it says so."""

import socket
from pathlib import Path

from carillon_stack import refused, start


def test_a_taken_port_is_named_with_its_setting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = refused(start(tmp_path, PORT=str(port)))
    assert said == (
        f"Port {port} of 127.0.0.1 is taken by another program: "
        f"stop it, or choose another port, e.g. CARILLON_PORT={port + 1}."
    )


def test_every_mistake_of_the_sources_file_is_said_at_once(tmp_path: Path) -> None:
    sources = tmp_path / "sources.toml"
    sources.write_text(
        '[institution]\nname = "X"\ntimezone = "Europe/Paris"\n'
        '[[source]]\nslug = "a"\nformat = "celcat-xlm"\nurl = "http://edt.test/a.xml"\nyear = "L1"\ntimetable = "A"\n'
        '[[source]]\nslug = "b"\nformat = "celcat-xml"\nurl = "edt.test"\nyear = "L1"\ntimetable = "B"\nevry = "1h"\n'
    )
    said = refused(start(tmp_path / "data", SOURCES=str(sources)))
    assert 'unknown format "celcat-xlm"' in said
    assert 'key "url": write a whole web address' in said
    assert 'did you mean "every"?' in said
    assert "Traceback" not in said


def test_a_sources_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert "none.toml: cannot be read" in refused(start(tmp_path / "data", SOURCES=str(tmp_path / "none.toml")))


def test_data_that_cannot_be_written_are_told_by_their_place(tmp_path: Path) -> None:
    data = tmp_path / "demonstration"
    data.mkdir()
    (data / "logs").write_text("in the way of a folder")
    assert refused(start(tmp_path)) == f"[Errno 17] File exists: '{data}/logs' (the data are in {data})"
