"""The running stacks that system tests share: one on the made-up faculty, one on the recorded pages."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import celcat_raw_pages as raw
import pytest
from carillon_local import loopback
from carillon_servers import answers, running_process
from carillon_stack import Published, running


@pytest.fixture(scope="session")
def faculty(tmp_path_factory) -> Iterator[Published]:
    """`carillon up` without any setting: the demonstration."""
    with running(tmp_path_factory.mktemp("faculty") / "data") as stack:
        yield Published(stack, stack.demonstrated())


@contextmanager
def simulator(folder: Path, *options: str) -> Iterator[str]:
    """A CELCAT simulator on its own; gives its address."""
    port = loopback.free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "carillon_celcat_simulator", "--port", str(port), *options]
    with running_process(command, folder / "simulator.log", lambda: answers(url)):
        yield url


def sources_file(folder: Path, base: str, pages: list[Path]) -> Path:
    """The recorded pages, each a source, those of another institution with a publisher of their own; one is not there."""
    text = '[institution]\nname = "Recorded"\ntimezone = "Europe/Paris"\n'
    for page in [*pages, Path("ut3_gone.xml")]:
        text += (
            f'[[source]]\nslug = "{page.stem.replace("_", "-")}"\nformat = "celcat-xml"\n'
            f'url = "{base}/recorded/{page.name}"\npublisher = "{institution(page)}"\n'
            f'year = "L1"\ntimetable = "{page.stem}"\n'
        )
    file = folder / "sources.toml"
    file.write_text(text, encoding="utf-8")
    return file


def institution(page: Path) -> str:
    return page.name.partition("_")[0]


@pytest.fixture(scope="session")
def recorded(tmp_path_factory, celcat_samples: Path) -> Iterator[Published]:
    """`carillon up` with a sources file that names the recorded pages, served over HTTP."""
    folder = tmp_path_factory.mktemp("recorded")
    pages = sorted((celcat_samples / "xml_webpublisher").glob("*.xml"))
    with simulator(folder, "--recorded", str(celcat_samples)) as base:
        sources = sources_file(folder, base, pages)
        settings = {"SOURCES": str(sources), "ALLOW_PRIVATE_ADDRESSES": "true", "REQUEST_PAUSE_S": "0.1"}
        with running(folder / "data", **settings) as stack:
            by_institution = {institution(page): [] for page in pages}
            for page in pages:
                by_institution[institution(page)].append(page.read_bytes())
            yield Published(stack, [course for same in by_institution.values() for course in raw.courses(same)])
