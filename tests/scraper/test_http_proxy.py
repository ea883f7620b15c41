"""A network that lets nobody out but through its proxy."""

import asyncio
import ssl

import celcat_pages
import pytest
import trustme
from carillon_scraper.failures import ReadFailedError
from carillon_scraper.settings import Settings
from http_proxy import running_proxy
from upstream_server import upstream

NAME = "edt.univ.test:80"


def known_to_the_proxy(bench, name: str = NAME) -> dict[str, str]:
    return {name: bench.server.url.removeprefix("http://")}


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_source_is_read_through_the_proxy_which_is_told_the_name(bench, open_bench, scheme) -> None:
    names = known_to_the_proxy(bench) | known_to_the_proxy(bench, "edt.univ.test")
    async with running_proxy(names) as proxy:
        behind = await open_bench(http_proxy=f"{scheme}://{proxy.address}")
        behind.server.serve("/g1.xml", celcat_pages.xml())
        behind.source(url="http://edt.univ.test/g1.xml")
        assert (await behind.read()).code is None
    assert {kind for kind, _ in proxy.asked} == {scheme}
    assert all(host in names for _, host in proxy.asked)
    assert behind.server.requests[0].headers["host"] == "edt.univ.test"
    assert sum(map(len, (await behind.shown()).values())) == 1


async def test_over_tls_the_proxy_sees_the_name_only(open_bench, tmp_path, monkeypatch) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("edt.univ.test").configure_cert(tls)
    async with upstream(tls) as server:
        here = server.url.removeprefix("http://")
        async with running_proxy({"edt.univ.test:443": here, "other.univ.test:443": here}) as proxy:
            bench = await open_bench(http_proxy=f"http://{proxy.address}", request_tries=1)
            server.serve("/g1.xml", celcat_pages.xml())
            bench.source(url="https://edt.univ.test/g1.xml")
            assert (await bench.read()).code is None
            bench.source(url="https://other.univ.test/g1.xml")
            assert (await bench.read()).code == "certificate"
    assert proxy.asked == [("connect", "edt.univ.test:443"), ("connect", "other.univ.test:443")]


async def test_an_account_at_the_proxy_is_used_and_never_told(open_bench, monkeypatch, capsys) -> None:
    async with running_proxy(account="carillon:sword/fish") as proxy:
        good = await open_bench(http_proxy=f"http://carillon:sword%2Ffish@{proxy.address}", request_tries=1)
        good.server.serve("/g1.xml", celcat_pages.xml())
        proxy.names = known_to_the_proxy(good, "edt.univ.test")
        good.source(url="http://edt.univ.test/g1.xml")
        assert (await good.read()).code is None
        bad = await open_bench(http_proxy=f"http://carillon:trout@{proxy.address}", request_tries=1)
        for url in ("http://edt.univ.test/g1.xml", "https://edt.univ.test/g1.xml"):
            bad.source(url=url)
            assert (await bad.read()).code in ("http-status", "unreachable")
            reason = (await bad.failed()).reason_en
            assert "407" in reason
            assert "CARILLON_HTTP_PROXY" in reason
            assert "trout" not in reason
    assert "trout" not in repr(bad.settings)
    monkeypatch.setenv("CARILLON_HTTP_PROXY", "http://carillon:trout/bass@proxy.univ.test:3128")
    with pytest.raises(SystemExit):
        Settings.from_environment()
    told = capsys.readouterr().err
    assert "CARILLON_HTTP_PROXY: " in told
    assert "http://user:password@host:port" in told
    assert "trout" not in told


async def test_nothing_goes_around_a_proxy_that_does_not_answer(open_bench) -> None:
    bench = await open_bench(http_proxy="http://127.0.0.1:9", request_tries=1)
    bench.source(url="http://edt.univ.test/g1.xml")
    assert (await bench.read()).code == "unreachable"
    assert (await bench.failed()).reason_en == "edt.univ.test cannot be reached through CARILLON_HTTP_PROXY"


async def test_a_proxy_that_hangs_is_given_up_like_a_server(open_bench) -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        bench = await open_bench(http_proxy=f"http://127.0.0.1:{port}", request_timeout_s=0.2, request_tries=1)
        bench.source(url="http://edt.univ.test/g1.xml")
        assert (await bench.read()).code == "timeout"


async def test_names_of_private_addresses_are_refused_before_the_proxy_is_asked(open_bench, monkeypatch) -> None:
    async def lookup(_self, host, port, **_kind):
        address = {"inside.univ.test": "10.1.2.3", "outside.univ.test": "93.184.215.14"}.get(host, host)
        return [(2, 1, 6, "", (address, port))]

    async with running_proxy() as proxy:
        bench = await open_bench(http_proxy=f"http://{proxy.address}", allow_private_addresses=False, request_tries=1)
        bench.server.serve("/g1.xml", celcat_pages.xml())
        proxy.names = {
            name: bench.server.url.removeprefix("http://") for name in ("inside.univ.test", "outside.univ.test")
        }
        bench.source(url="http://nowhere.invalid/g1.xml")
        assert (await bench.read()).code == "unreachable"
        assert "leaves the look-up to the proxy" in (await bench.failed()).reason_en
        monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", lookup)
        hosts = ("inside.univ.test", "10.1.2.3", "127.0.0.1", "outside.univ.test")
        codes = {host: await code_of(bench, f"http://{host}/g1.xml") for host in hosts}
        monkeypatch.undo()
        assert codes == {
            "inside.univ.test": "private-address",
            "10.1.2.3": "private-address",
            "127.0.0.1": "private-address",
            "outside.univ.test": None,
        }
    assert proxy.asked == [("http", "outside.univ.test")]


async def code_of(bench, url: str) -> str | None:
    try:
        await bench.fetcher.request("GET", url)
    except ReadFailedError as failure:
        return failure.code
    return None


async def test_politeness_is_due_to_the_server_whoever_stands_between(open_bench) -> None:
    async with running_proxy() as proxy:
        bench = await open_bench(http_proxy=f"http://{proxy.address}")
        bench.server.serve("/x", b"x")
        proxy.names = known_to_the_proxy(bench, "edt.univ.test")
        await asyncio.gather(*(bench.fetcher.request("GET", "http://edt.univ.test/x") for _ in range(6)))
    assert (len(bench.server.requests), bench.server.most_open) == (6, 1)


async def test_this_machine_is_not_asked_for_at_the_proxy(open_bench) -> None:
    async with running_proxy() as proxy:
        bench = await open_bench(http_proxy=f"http://{proxy.address}")
        bench.server.serve("/g1.xml", celcat_pages.xml())
        bench.source()
        assert (await bench.read()).code is None
    assert proxy.asked == []
