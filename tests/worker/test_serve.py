"""One command keeps a whole site running, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from config import ROOT
from tests.worker.conftest import free_port


def serve(environment, port, running):
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    running.append(process)
    return process


def answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def wait_until(condition, seconds=80):
    stop = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < stop
        time.sleep(0.1)
    return result


def children_of(pid):
    """Return {command line: pid} of the processes that this one started (Linux)."""
    pids = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {Path(f"/proc/{x}/cmdline").read_bytes().replace(b"\0", b" ").decode(): int(x) for x in pids}


def worker_of(process):
    return next((pid for line, pid in children_of(process.pid).items() if " worker " in line), None)


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads /proc")


@pytest.mark.slow
@pytest.mark.timeout(300)
@needs_proc
def test_a_killed_worker_is_replaced_and_everything_stops_together(environment, running):
    port = free_port()
    process = serve(environment, port, running)
    wait_until(lambda: answers(port))
    wait_until(lambda: answers(environment["MAIL_CATCHER_PORT"]))
    first = worker_of(process)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: worker_of(process) not in (None, first))
    children = children_of(process.pid).values()
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert not any(is_alive(pid) for pid in children)


@pytest.mark.slow
@pytest.mark.timeout(300)
@needs_proc
def test_children_do_not_outlive_a_killed_supervisor(environment, running):
    port = free_port()
    process = serve(environment, port, running)
    wait_until(lambda: answers(port))
    children = list(children_of(process.pid).values())
    process.kill()
    wait_until(lambda: not any(is_alive(pid) for pid in children), 20)


def test_a_taken_port_is_said_in_one_sentence_before_anything_starts(environment, running):
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        process = serve(environment, door.getsockname()[1], running)
        said, _nothing = process.communicate(timeout=40)
    assert process.returncode == 1
    assert "déjà pris" in said.decode()
    assert len(said.decode().strip().splitlines()) == 1
