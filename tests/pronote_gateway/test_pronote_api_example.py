"""pronote-api's JavaScript example runs against the gateway."""

import shutil
import subprocess
from pathlib import Path

from pronote_gateways import running_gateway

EXAMPLE = Path(__file__).with_name("pronote_api_example.mjs")


def test_the_example_prints_what_it_should(nats_url, pronote, tmp_path):
    node = shutil.which("node")
    assert node, "the example needs node on the PATH (apt-get install nodejs)"
    with running_gateway(tmp_path, nats_url) as url:
        for era in ("2025.2.8", "2026.2.5"):
            command = [node, EXAMPLE, url, pronote.root(era) + "/"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
            assert done.returncode == 0, done.stderr
            name, school_class, lessons, average = done.stdout.splitlines()
            assert (name, school_class) == ("PARENT Gaspard", "3A")
            assert int(lessons.split()[2]) > 0
            assert 0 < float(average.split()[7]) <= 20
