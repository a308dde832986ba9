"""The commands are POSIX shell, short, and refuse in one sentence."""

import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted(
    path
    for path in (ROOT / "bin").iterdir()
    if path.is_file() and path.read_text().startswith(("#!/bin/sh", "# Sourced"))
)


def call(*command, **variables):
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_command_is_posix_shell(script):
    shell = shutil.which("dash") or "/bin/sh"
    result = call(shell, "-n", str(script))
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(
    "script", [path for path in SCRIPTS if not path.name.startswith("_")], ids=lambda path: path.name
)
def test_a_command_can_be_typed(script):
    assert os.access(script, os.X_OK)


@pytest.mark.parametrize("port", ["abc", "", "999999", "-1"])
def test_run_refuses_a_port_that_is_none(port):
    result = call("bin/run", "--port", port)
    assert result.returncode == 1
    assert result.stderr.startswith("Rencontres : le port « ")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.skipif(not (ROOT / ".venv").is_dir(), reason="bin/test makes the environment")
def test_run_refuses_a_port_in_use():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = door.getsockname()[1]
        result = call("bin/run", "--port", str(port))
    assert result.returncode == 1
    assert result.stderr == (
        f"Rencontres : le port {port} est déjà pris ; choisissez-en un autre : bin/run --port {port + 1}\n"
    )


def test_browser_tests_cannot_be_skipped_where_they_are_required(tmp_path):
    (tmp_path / "bin").mkdir()
    for name in ("_install", "test"):
        shutil.copy(ROOT / "bin" / name, tmp_path / "bin")
    (tmp_path / ".venv").symlink_to(tmp_path)
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("dirname", "uname", "mkdir", "rm", "printf", "sh"):
        (tools / tool).symlink_to(shutil.which(tool))
    result = subprocess.run(
        ["/bin/sh", "bin/test"],
        cwd=tmp_path,
        env={"PATH": str(tools), "BROWSER_TESTS": "required"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 1
    assert "aucun Chromium" in result.stderr
