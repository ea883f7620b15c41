"""The log by which tests judge how polite a client is."""

import asyncio

import httpx


def test_requests_are_logged_with_their_times_but_not_what_they_carry(own_simulator):
    first = own_simulator.get("/publisher/g220501.xml?v=1", headers={"User-Agent": "Carillon (operator@example.org)"})
    own_simulator.get("/publisher/g220501.xml", headers={"If-None-Match": first.headers["etag"]})
    own_simulator.post("/calendar/cergy/LdapLogin/Logon", data={"Name": "n", "Password": "hidden"})
    report = own_simulator.get("/simulator/requests").json()
    assert report["total"] == 3
    assert [(it["path"], it["query"], it["status"], it["conditional"]) for it in report["requests"]] == [
        ("/publisher/g220501.xml", "v=1", 200, False),
        ("/publisher/g220501.xml", "", 304, True),
        ("/calendar/cergy/LdapLogin/Logon", "", 400, False),
    ]
    assert report["requests"][0]["user_agent"] == "Carillon (operator@example.org)"
    assert report["requests"][0]["started"] <= report["requests"][0]["ended"] <= report["requests"][1]["started"]
    assert "hidden" not in str(report)


async def test_the_most_requests_a_client_had_open_at_a_time_are_counted(own_simulator):
    own_simulator.post("/simulator/faults", json={"kind": "slow", "seconds": 0.5, "times": None})
    async with httpx.AsyncClient(base_url=str(own_simulator.base_url)) as client:
        await asyncio.gather(*(client.get("/publisher/g220501.xml") for _ in range(5)))
    report = own_simulator.get("/simulator/requests").json()
    assert list(report["max_concurrency"].values()) == [5]
    own_simulator.delete("/simulator/faults")
    assert own_simulator.delete("/simulator/requests").json() == {"total": 0, "max_concurrency": {}, "requests": []}
    for _ in range(3):
        own_simulator.get("/publisher/g220501.xml")
    assert list(own_simulator.get("/simulator/requests").json()["max_concurrency"].values()) == [1]
