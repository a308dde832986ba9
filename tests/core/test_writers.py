"""On SQLite writers queue: each passes, none waits for luck."""

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest

from config import ROOT
from eventsapp.core import writers
from eventsapp.core.writers import WriterConnection


@pytest.fixture
def path(tmp_path):
    path = str(tmp_path / "writers.sqlite3")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE place (number INTEGER PRIMARY KEY)")
    return path


def opened(path):
    return closing(
        sqlite3.connect(path, factory=WriterConnection, isolation_level=None, check_same_thread=False)
    )


def take_a_place(path, refusals):
    with opened(path) as connection:
        try:
            connection.begin_writing()
            (taken,) = connection.execute("SELECT count(*) FROM place").fetchone()
            connection.execute("INSERT INTO place VALUES (?)", (taken + 1,))
            connection.commit()
        except sqlite3.Error as error:
            refusals.append(error)


def places(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT count(*) FROM place").fetchone()[0]


def test_forty_writers_at_once_all_pass(path):
    refusals = []
    threads = [threading.Thread(target=take_a_place, args=(path, refusals)) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (places(path), refusals) == (40, [])


def test_threads_that_first_write_at_the_same_time_queue_on_one_lock(path, monkeypatch):
    made, everybody = [], threading.Barrier(8)

    class Slow(writers.Turn):
        def __init__(self, path):
            made.append(path)
            threading.Event().wait(0.05)  # the others ask meanwhile
            super().__init__(path)

    def ask():
        everybody.wait()
        turns.append(writers._turn_of(f"{path}-turn", os.getpid()))

    turns = []
    monkeypatch.setattr(writers, "Turn", Slow)
    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == len(set(map(id, turns))) == 1


@pytest.mark.parametrize("way", ["commit", "rollback", "close"])
def test_a_turn_ends_with_the_transaction(path, way):
    with opened(path) as first:
        first.begin_writing()
        getattr(first, way)()
        refusals = []
        take_a_place(path, refusals)
    assert refusals == []


def test_a_writer_of_another_process_is_waited_for(path):
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.1, other.execute, ("COMMIT",)).start()
        refusals = []
        take_a_place(path, refusals)
    assert (places(path), refusals) == (1, [])


IN_ANOTHER_PROCESS = """
import sqlite3, sys
from eventsapp.core.writers import WriterConnection
connection = sqlite3.connect(sys.argv[1], factory=WriterConnection, isolation_level=None)
connection.begin_writing()
connection.execute("INSERT INTO place VALUES (9)")
print("writing", flush=True)
sys.stdin.read()
"""


def test_a_process_that_dies_in_its_turn_gives_it_back_and_writes_nothing(path):
    command = [sys.executable, "-c", IN_ANOTHER_PROCESS, path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as other:
        assert other.stdout.readline() == b"writing\n"
        refusals = []
        waiting = threading.Thread(target=take_a_place, args=(path, refusals))
        waiting.start()
        assert waiting.is_alive()
        other.kill()
        waiting.join(writers.SECONDS_OF_PATIENCE)
    assert (places(path), refusals) == (1, [])


def test_whoever_waits_too_long_is_told_and_holds_nobody_up(path, monkeypatch):
    monkeypatch.setattr(writers, "SECONDS_OF_PATIENCE", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other, opened(path) as late:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            late.begin_writing()
        other.execute("COMMIT")
        late.begin_writing()
        with opened(path) as second, pytest.raises(sqlite3.OperationalError, match="locked"):
            second.begin_writing()
        late.commit()
    refusals = []
    take_a_place(path, refusals)
    assert refusals == []


def test_other_statements_keep_their_own_patience(path):
    with opened(path) as connection:
        connection.execute("PRAGMA busy_timeout=15000")
        connection.begin_writing()
        assert connection.execute("PRAGMA busy_timeout").fetchone() == (15000,)
        connection.commit()
