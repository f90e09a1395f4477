"""Runs over servers that misbehave, by the command line: the rest of the run is whole, and hosts are left alone."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
import yaml

from signals.cli import main
from tests.net.hostile import Parts, misbehaviour, serving

BUSY = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1800\r\nContent-Length: 0\r\n\r\n"
FEED = b"""HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<?xml version='1.0'?><rss version='2.0'><channel><title>x</title>
<item><title>Acme opens a plant in Utrecht</title><guid>1</guid>
<pubDate>Mon, 03 Feb 2020 09:15:00 +0000</pubDate></item>
</channel></rss>"""


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    return "sqlite:///signals.db" if request.param == "sqlite" else str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def asked() -> list[str]:
    """The paths that servers were asked for."""
    return []


@pytest.fixture
def server(asked: list[str]) -> Iterator[str]:
    """A server that misbehaves as the path says."""

    def parts(path: str) -> Parts:
        asked.append(path)
        if path.startswith("/busy"):
            return [(0.0, BUSY)]
        return [(0.0, FEED)] if path == "/feed" else misbehaviour(*path.strip("/").split("/"))

    with serving(parts) as url:
        yield url


Entries = Sequence[Mapping[str, object]]


def write(folder: Path, database: str, news: Entries, prices: Entries) -> list[str]:
    """Write a configuration; return the options that name it."""
    acme = {"name": "Acme", "mic": "MISX", "currency": "RUB", "aliases": ["Acme"]}
    shares = {
        f"S{n}": {**acme, "aliases": [], "symbols": {spec["name"]: f"S{n}"}} for n in range(40) for spec in prices
    }
    common = {"delay": 0, "robots": False, "timezone": "UTC"}
    written = {"instruments": {"ACME": acme, **shares}, "news": [{**common, **spec} for spec in news], "prices": prices}
    (folder / "config.yaml").write_text(yaml.safe_dump({"database": database, **written}), encoding="utf-8")
    if not database.startswith("sqlite"):
        assert main(["--config", str(folder / "config.yaml"), "db", "upgrade"]) == 0
    return ["--config", str(folder / "config.yaml")]


def test_a_busy_host_is_left_alone_in_this_run_and_the_next_and_status_says_until_when(
    tmp_path: Path, database: str, server: str, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    pages = {"name": "pages", "kind": "page", "urls": [f"{server}/busy/{n}" for n in range(3)]}
    other = {"name": "other", "kind": "feed", "url": f"{server}/feed"}
    config = write(tmp_path, database, [pages, other], [])
    assert main([*config, "run"]) == 1
    words = capsys.readouterr().err
    assert f"pages: {server}/busy/0: the server asks for fewer requests (429), and to come back in 1,800 s" in words
    for item in ("pages: {}/busy/1", "pages: {}/busy/2", "other: {}/feed"):
        assert f"{item.format(server)}: {server.removeprefix('http://')} is left alone until" in words
    assert main([*config, "run"]) == 1
    assert asked == ["/busy/0"]
    assert main([*config, "status"]) == 0
    status = " ".join(capsys.readouterr().out.split())
    host = server.removeprefix("http://")
    assert f"Hosts that are left alone {host} until 2" in status
    assert "UTC: it asked for fewer requests (429)" in status


def test_a_source_that_never_ends_costs_itself(
    tmp_path: Path, database: str, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    drips = [
        {"name": name, "kind": "feed", "url": f"{server}/drip/{name}", "timeout": 0.1}
        for name in ("header-bytes", "continues", "a-chunk-extension", "trailers", "a-gzip-name")
    ]
    config = write(tmp_path, database, [*drips, {"name": "wire", "kind": "feed", "url": f"{server}/feed"}], [])
    assert main([*config, "run", "--only", "ingest"]) == 1
    words = capsys.readouterr().err
    assert "1 article; 5 failures" in words
    for drip in drips:
        assert f"{drip['name']}: {drip['url']}: it took more than 0.3 seconds" in words


@pytest.mark.parametrize("kind", ["moex", "yahoo"])
def test_a_vendor_that_is_down_costs_one_timeout_and_not_one_for_each_instrument(
    tmp_path: Path, asked: list[str], capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    def silent(path: str) -> Parts:
        asked.append(path)
        return misbehaviour("silence")

    with serving(silent) as url:
        vendor = {"name": "vendor", "kind": kind, "base_url": url, "timeout": 0.3}
        config = write(tmp_path, "sqlite:///signals.db", [], [vendor])
        assert main([*config, "run", "--only", "refresh"]) == 1
    words = capsys.readouterr().err
    assert "40 failures" in words
    assert "left alone for the rest of this run" in words
    assert len(asked) <= 8  # one of each thread, and with Yahoo its cookies
