"""bin/run in a copy of the project: starts, answers, keeps the data, stops cleanly."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT, tracked_files

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
PATIENCE = 120


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


@pytest.fixture
def copy(tmp_path):
    """The tracked files, with this environment linked in."""
    for path in tracked_files():
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    return tmp_path


class Site:
    """One bin/run, in a process group of its own as in a terminal."""

    def __init__(self, folder, port):
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        kept |= {"MAIL_PORT": str(free_port()), "MAIL_CATCHER_PORT": str(free_port())}
        self.port = port
        self.output = folder / "run.log"
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                ["bin/run", "--port", str(port)],
                cwd=folder,
                env=kept,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_it_answers(self):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                return self.get("/")
            except OSError:
                time.sleep(0.2)
        raise AssertionError(self.output.read_text())

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return answer.read().decode()

    def press_ctrl_c(self):
        os.killpg(self.process.pid, signal.SIGINT)
        status = self.process.wait(timeout=90)
        with pytest.raises(ProcessLookupError):  # nobody of the group is left
            os.killpg(self.process.pid, 0)
        return status


def rows(folder):
    base = sqlite3.connect(folder / "var" / "rencontres.sqlite3")
    counts = [
        base.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608
        for table in ("meeting", "registration", "account")
    ]
    base.close()
    return counts


@pytest.fixture
def start(copy):
    """Start bin/run in the copy, once or more; whatever still runs at the end is ended."""
    sites = []

    def start():
        sites.append(Site(copy, free_port()))
        return sites[-1]

    yield start
    for site in sites:
        if site.process.poll() is None:
            site.press_ctrl_c()


def test_one_command_starts_the_site_and_a_second_one_keeps_its_data(copy, start):
    site = start()
    assert "<main" in site.wait_until_it_answers()
    assert "<main" in site.get("/rencontres")
    said = site.output.read_text()
    assert f"http://127.0.0.1:{site.port}" in said
    assert site.press_ctrl_c() == 0, site.output.read_text()
    first = rows(copy)
    assert min(first) > 0

    again = start()
    again.wait_until_it_answers()
    assert again.press_ctrl_c() == 0, again.output.read_text()
    assert rows(copy) == first
    assert Path(copy / "var" / "secret-key").stat().st_mode & 0o077 == 0
