"""`python -m carillon_rooms`: starts, serves, takes a new policy on SIGHUP, stops; or says why it cannot."""

import os
import signal
import subprocess
import sys

import httpx
from carillon_local import loopback, unprivileged
from carillon_servers import eventually, stop

COMMAND = [sys.executable, "-m", "carillon_rooms"]


async def test_the_process_serves_reloads_its_policy_and_stops(bucket, own_nats_url, tmp_path) -> None:
    await bucket.put_sources()
    await bucket.put_room(1, "A")
    policy, port = tmp_path / "policy.toml", loopback.free_port()
    policy.write_text("")
    environment = {"CARILLON_NATS_URL": own_nats_url, "CARILLON_PORT": str(port), "CARILLON_ROOM_POLICY": str(policy)}
    process = subprocess.Popen(
        COMMAND, env={**os.environ, **environment}, preexec_fn=unprivileged.before_exec(drop_root=False)
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:

            async def offers(*names: str) -> bool:
                try:
                    answer = await client.get("/api/rooms/qsjps/2026-11-23/10:00/12:00/")
                except httpx.TransportError:
                    return False
                return answer.status_code == 200 and [room["name"] for room in answer.json()] == list(names)

            await eventually(lambda: offers("A"), seconds=60)
            policy.write_text('[[hidden]]\nrooms = "A"')
            process.send_signal(signal.SIGHUP)
            await eventually(offers)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) in {0, -signal.SIGTERM}
    finally:
        stop(process, signal.SIGTERM)


def test_a_wrong_policy_or_setting_ends_the_process_with_every_reason(tmp_path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('colour = "red"\nstale_after = "soon"')
    environment = {**os.environ, "CARILLON_ROOM_POLICY": str(policy), "CARILLON_PORT": "0"}
    done = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        'CARILLON_ROOM_POLICY: stale_after: write a duration as "90m", "24h" or "1h30m"',
        "CARILLON_ROOM_POLICY: colour: no such key; remove it or mend its spelling",
    ]
    done = subprocess.run(
        COMMAND, env={**environment, "CARILLON_PORT": "x"}, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, "CARILLON_PORT" in done.stderr) == (2, True)
