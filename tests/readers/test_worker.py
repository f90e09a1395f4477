"""The process that reads: the same articles and errors as in this one, and an end for what takes too much."""

import io
import os
import pickle
import signal
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from signals.errors import NotFoundError
from signals.news import open_source
from signals.news.documents import make_document
from signals.readers import child
from signals.readers.tasks import DocumentTask, End, HistoryTask, Part, Ready, Request
from signals.readers.worker import EndedError, UnstartedError, Worker
from signals.types import NewsSpec, PriceSpec

NOW = datetime(2026, 3, 4, 3, 30, tzinfo=UTC)
WIRE = NewsSpec("wire", "csv", path="wire.csv")
LOCAL = PriceSpec("local", "csv", path="{symbol}.csv")


def task(rows: int) -> DocumentTask:
    text = "published_at,title,body\n" + "".join(
        f"2026-02-02T10:00:00Z,Acme opens plant {n},{'It opened a plant. ' * 20}\n" for n in range(rows)
    )
    return DocumentTask(WIRE, Path(), make_document(WIRE, "wire.csv", text.encode(), NOW))


def request(rows: int, seconds: float = 60, memory: int = 2**30) -> Request:
    return Request(task(rows), seconds, memory)


def test_a_document_gives_the_articles_that_it_gives_in_this_process() -> None:
    asked = task(700)
    with Worker() as worker:
        read = list(worker.ask(Request(asked, 60, 2**30)))
        assert worker.is_running
    assert read == list(open_source(WIRE, Path()).parse(asked.document))
    assert not worker.is_running


def test_what_takes_too_long_is_ended_and_the_next_task_is_read() -> None:
    with Worker() as worker:
        assert len(worker.ask(request(1))) == 1
        with pytest.raises(EndedError, match="seconds to read") as ended:
            worker.ask(request(5_000, seconds=0.01))
        assert (ended.value.reason, ended.value.by_itself) == ("too_slow", True)
        assert len(worker.ask(request(2))) == 2


def test_what_takes_too_much_memory_is_too_large_and_the_next_task_is_read() -> None:
    pytest.importorskip("resource", reason="limits on memory are POSIX")
    with Worker() as worker:
        with pytest.raises(EndedError, match="MB of memory") as ended:
            worker.ask(request(4_000, memory=2**20))
        assert ended.value.reason == "too_large"
        assert len(worker.ask(request(2))) == 2


@pytest.mark.parametrize(("number", "by_itself"), [(signal.SIGSEGV, True), (signal.SIGKILL, False)])
def test_a_reader_that_dies_costs_its_task_only(number: signal.Signals, by_itself: bool) -> None:
    with Worker() as worker:
        worker.ask(request(1))
        assert worker._process is not None
        asked = request(6_000)
        threading.Timer(0.1, os.kill, (worker._process.pid, number)).start()
        with pytest.raises(EndedError) as ended:
            worker.ask(asked)
        assert (ended.value.reason, ended.value.by_itself) == ("reader_died", by_itself)
        assert len(worker.ask(request(1))) == 1


def test_an_error_of_a_source_comes_over_as_it_is(tmp_path: Path) -> None:
    with Worker() as worker, pytest.raises(NotFoundError) as raised:
        worker.ask(Request(HistoryTask(LOCAL, tmp_path, "ACME", date.min, date.max, NOW), 60, 2**30))
    assert (raised.value.source, raised.value.item) == ("local", str(tmp_path / "ACME.csv"))


def test_a_process_that_does_not_start_is_not_the_task_s_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/no/such/python")
    with Worker() as worker, pytest.raises(UnstartedError):
        worker.ask(request(1))


def test_a_process_ends_with_whoever_asked() -> None:
    worker = Worker()
    worker.ask(request(1))
    process = worker._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=60) == 0
    worker.close()


def test_the_process_sends_what_was_read_in_parts_and_then_an_end() -> None:
    requests, replies = io.BytesIO(pickle.dumps(request(1_200))), io.BytesIO()
    child.serve(requests, replies)
    replies.seek(0)
    parts = []
    while replies.tell() < len(replies.getvalue()):
        parts.append(pickle.load(replies))
    assert [type(part) for part in parts] == [Ready, Part, Part, Part, End]
    assert [len(part.items) for part in parts[1:-1]] == [500, 500, 200]
