"""A secret in every place where one can stand: it reaches no output and no file but the configuration itself."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.loopback import Answer, Site, closed_port, site
from tests.worlds import NOW, small

SECRET = "CANARY1B7"
FEED = f"""<?xml version='1.0'?><rss version='2.0'><channel><title>x</title><item><title>Acme opens a plant</title>
<guid>g1</guid><pubDate>{NOW:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item></channel></rss>"""
PAGE = f"<html><head><title>Acme hires</title></head><body><h1>Acme hires</h1><time>{NOW:%Y-%m-%dT%H:%MZ}</time><p>Acme"
QUERY = f"?apikey={SECRET}&x={SECRET}#{SECRET}"


@pytest.fixture
def hosts() -> Iterator[Site]:
    with site() as served, site() as busy:
        busy.answers[f"/failing?apikey={SECRET}&x={SECRET}"] = Answer(
            f"bad key {SECRET}".encode(), 503, {"Retry-After": "600"}
        )
        pages = {"feed": FEED, "page": PAGE, "broken": "no feed", "iss": "{}"}
        served.answers = {f"/{name}?apikey={SECRET}&x={SECRET}": Answer(body.encode()) for name, body in pages.items()}
        for number, where in enumerate((f"http://10.1.2.3/{QUERY}", f"ftp://me:{SECRET}@h/{QUERY}", f"/{QUERY}")):
            path = f"/to{number}?apikey={SECRET}&x={SECRET}"
            served.answers[path] = Answer(status=302, headers={"Location": where})
        served.answers[f"/failing?apikey={SECRET}&x={SECRET}"] = Answer(
            status=302, headers={"Location": f"{busy.url}/failing{QUERY}"}
        )
        yield served


def write_world(folder: Path, served: Site, database: str, feed_alone: bool = False) -> None:
    """Write a world whose sources, database and notices all have the secret in their addresses."""
    small(folder, [(NOW, "Acme opens a plant in a town")])
    path = folder / "config.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    root = served.url.replace("http://", f"http://me:{SECRET}@")
    names = ("feed", "broken", "failing", "to0", "to1", "to2", "missing")
    config["news"] += [
        {"name": name, "kind": "feed", "url": f"{root}/{name}{QUERY}", "delay": 0, "robots": False, "timeout": 2}
        for name in names
    ]
    config["news"].append(
        {"name": "closed", "kind": "feed", "url": f"http://me:{SECRET}@127.0.0.1:{closed_port()}/{QUERY}", "delay": 0,
         "robots": False, "timeout": 1}
    )  # fmt: skip
    config["news"].append(
        {"name": "proxied", "kind": "feed", "url": f"https://me:{SECRET}@news.invalid/{QUERY}", "delay": 0,
         "robots": False, "timeout": 1}
    )  # fmt: skip
    config["news"].append(
        {"name": "pages", "kind": "page", "urls": [f"{root}/page{QUERY}"], "delay": 0, "robots": False}
    )
    config["prices"].append({"name": "iss", "kind": "moex", "base_url": f"{root}/iss{QUERY}", "delay": 0, "timeout": 1})
    config["instruments"]["ACME"]["symbols"]["iss"] = "ACME"
    config["notify"] = {"url_from": "HOOK", "headers_from": {"X-Key": "HOOK_KEY"}, "on": "always", "private": True}
    config["database"] = database
    if feed_alone:
        config["news"] = [source for source in config["news"] if source["name"] == "feed"]
        del config["notify"]
    path.write_text(yaml.safe_dump(config), encoding="utf-8")


def signals(folder: Path, *arguments: str) -> bytes:
    """Run a command in a process of its own; returns all that it printed."""
    env = {
        **os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "HOOK_KEY": SECRET,
        "HOOK": f"http://127.0.0.1:{closed_port()}/{SECRET}{QUERY}", "NO_PROXY": "127.0.0.1",
        "HTTPS_PROXY": f"http://me:{SECRET}@127.0.0.1:{closed_port()}",
    }  # fmt: skip
    line = [sys.executable, "-m", "signals", "--config", str(folder / "config.yaml"), *arguments]
    done = subprocess.run(line, env=env, capture_output=True, check=False, cwd=folder)
    return done.stdout + done.stderr


COMMANDS = (
    ("-vv", "--log", "json", "run"), ("-v", "run"), ("status",), ("status", "--format", "json"),
    ("report", "--ticker", "ACME"), ("report", "--ticker", "ACME", "--format", "json"),
    ("report", "--ticker", "ACME", "--format", "html", "--output", "page.html"),
    ("report", "--all", "--format", "html", "--output", "pages"), ("doctor",), ("publish",), ("db", "check"),
    ("rebuild",),     ("explain", "nothing"), ("ingest", "feed", "wire.csv"), ("ingest", "nosource", "wire.csv"),
)  # fmt: skip


def written(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder but the configuration."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "config.yaml")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_secret_of_a_source_is_in_no_output_and_in_no_file(tmp_path: Path, hosts: Site) -> None:
    write_world(tmp_path, hosts, "sqlite:///signals.db")
    printed = {" ".join(arguments): signals(tmp_path, *arguments) for arguments in COMMANDS}
    assert b"10.1.2.3" in printed["-v run"]
    assert [name for name, text in printed.items() if SECRET.encode() in text] == []
    assert b"Traceback" not in b"".join(printed.values())
    assert "signals.db" in written(tmp_path)
    assert [name for name, content in written(tmp_path).items() if SECRET.encode() in content] == []


def test_an_address_with_a_secret_is_found_again(tmp_path: Path, hosts: Site) -> None:
    write_world(tmp_path, hosts, "sqlite:///signals.db", feed_alone=True)
    hosts.answers[f"/feed?apikey={SECRET}&x={SECRET}"].headers["ETag"] = '"1"'
    signals(tmp_path, "run")
    signals(tmp_path, "run")
    asked = [headers.get("If-None-Match") for path, headers in hosts.asked if path.startswith("/feed")]
    assert asked == [None, '"1"']


@pytest.mark.parametrize(
    "database",
    [
        "postgresql://u:{0}@127.0.0.1:1/x?application_name={0}", "postgresql://{0}:{0}@127.0.0.1:1/x",
        "postgresql://u:p@{0}@127.0.0.1:1/x", "postgresql://u:p/{0}@127.0.0.1/x", "postgresql://u:p?{0}@127.0.0.1/x",
        "host=127.0.0.1 password={0} user=u", "postgresql:///x?host=/nowhere&password={0}&sslpassword={0}",
        "postgresql://u:p@127.0.0.1:1/x?sslmode={0}", "mysql://u:{0}@h/x", "postgresql://u:%20{0}%2F@127.0.0.1:1/x",
        "postgresql://u@127.0.0.1:1/x?sslcert={0}&passfile={0}", "postgresql+nothing://u:{0}@h/x", "{0}",
        "postgresql://u:p@127.0.0.1:{0}/x", "postgresql://u:p@127.0.0.1:1/x?{0}",
    ],
)  # fmt: skip
def test_a_secret_of_a_database_that_does_not_answer_is_not_printed(tmp_path: Path, database: str) -> None:
    small(tmp_path)
    for command in ("status", "run"):
        printed = signals(tmp_path, "-vv", "--database", database.format(SECRET), command)
        assert b"signals: " in printed
        assert SECRET.encode() not in printed


def test_a_secret_of_a_database_is_in_no_output_and_not_in_the_database(
    tmp_path: Path, hosts: Site, postgresql_url: str
) -> None:
    from urllib.parse import urlsplit

    host = urlsplit(postgresql_url).netloc
    user = os.environ.get("PGUSER", os.environ.get("USER", "postgres"))
    address = postgresql_url.replace(host, f"{user}:{SECRET}@{host}") + f"?application_name={SECRET}"
    write_world(tmp_path, hosts, address, feed_alone=True)
    printed = {" ".join(arguments): signals(tmp_path, *arguments) for arguments in COMMANDS}
    assert [name for name, text in printed.items() if SECRET.encode() in text] == []
    assert [name for name, content in written(tmp_path).items() if SECRET.encode() in content] == []
