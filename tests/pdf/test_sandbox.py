"""A document is rendered in a process that can be stopped, knows no secret and reaches no network."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from eventsapp.pdf import child
from eventsapp.pdf.errors import DocumentRefused, RenderingInterrupted, ResourceRefused, UnsupportedCharacter
from eventsapp.pdf.sandbox import FIRST_FILE, Limits, Sandbox
from eventsapp.pdf.wire import Attachment, Job
from tests.pdf.conformity import assert_conforms
from tests.pdf.documents import CREATED_AT, PROJECT, minutes, page

ENDLESS = page("<div style='columns:2'>" * 12 + "mot " * 20)


@pytest.fixture(scope="module")
def warm_sandbox():
    """One for all the tests that leave their process alive."""
    made = Sandbox(limits=Limits(memory_mb=1024, cpu_seconds=30, wall_seconds=60))
    yield made
    made.close()


@pytest.fixture
def sandbox(request, warm_sandbox):
    if not hasattr(request, "param"):
        yield warm_sandbox
        return
    made = Sandbox(limits=request.param)
    yield made
    made.close()


def job(html, **more):
    return Job(html, CREATED_AT, **more)


def test_a_document_is_rendered_and_its_pages_counted(sandbox):
    rendered = sandbox.render(job(minutes(), attachments=[Attachment("a.json", "application/json", b"{}")]))
    assert rendered.page_count == 2
    assert_conforms(rendered.content)


def test_another_process_gives_the_same_bytes(sandbox, minutes_pdf):
    assert sandbox.render(job(minutes())).content == minutes_pdf


@pytest.mark.slow
@pytest.mark.parametrize("sandbox", [Limits(documents=2)], indirect=True)
def test_the_process_is_kept_warm_and_replaced_after_its_share_of_documents(sandbox):
    sandbox.render(job(page("<p>un</p>")))
    warm = sandbox.process_id
    assert warm is not None
    sandbox.render(job(page("<p>deux</p>")))
    assert sandbox.process_id is None
    sandbox.render(job(page("<p>trois</p>")))
    assert sandbox.process_id not in (None, warm)


@pytest.mark.slow
@pytest.mark.parametrize("sandbox", [Limits(cpu_seconds=60, wall_seconds=4)], indirect=True)
def test_an_endless_document_is_killed_in_time_and_the_next_one_is_made(sandbox):
    sandbox.render(job(page("<p>chaud</p>")))
    started = time.monotonic()
    with pytest.raises(RenderingInterrupted, match="too long"):
        sandbox.render(job(ENDLESS))
    assert time.monotonic() - started < 8
    assert sandbox.process_id is None
    assert sandbox.render(job(page("<p>Bonjour</p>"))).page_count == 1


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS keeps to the wall clock")
@pytest.mark.parametrize("sandbox", [Limits(cpu_seconds=2, wall_seconds=60)], indirect=True)
def test_an_endless_document_does_not_outlive_its_processor_time(sandbox):
    with pytest.raises(RenderingInterrupted, match="signal"):
        sandbox.render(job(ENDLESS))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no limit of memory")
@pytest.mark.parametrize("sandbox", [Limits(memory_mb=400)], indirect=True)
def test_a_document_too_large_for_its_memory_is_stopped(sandbox):
    rows = "<tr><td>x</td><td>x</td><td>x</td></tr>" * 6000
    with pytest.raises(RenderingInterrupted):
        sandbox.render(job(page(f"<table>{rows}</table>")))


def test_a_killed_process_is_told_as_an_interruption(sandbox):
    sandbox.render(job(page("<p>chaud</p>")))
    threading.Timer(0.5, os.kill, (sandbox.process_id, signal.SIGKILL)).start()
    with pytest.raises(RenderingInterrupted):
        sandbox.render(job(ENDLESS))


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("<p><img src='file:///etc/passwd' alt='x'></p>", ResourceRefused),
        ("<p>\N{CUNEIFORM SIGN A}</p>", UnsupportedCharacter),
        ("<div>" * 500, DocumentRefused),
    ],
)
def test_the_document_at_fault_is_refused_and_the_process_stays_warm(sandbox, body, error):
    sandbox.render(job(page("<p>chaud</p>")))
    warm = sandbox.process_id
    with pytest.raises(error):
        sandbox.render(job(page(body)))
    assert sandbox.process_id == warm


def test_a_crash_of_the_engine_is_an_interruption(sandbox):
    with pytest.raises(RenderingInterrupted, match="ZeroDivisionError"):
        sandbox.render(job(page("<p style='font-size: 10000000px'>x</p>")))


def test_images_given_with_a_document_are_found_under_their_name(sandbox):
    drawing = (
        b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"
    )
    html = page("<p><img src='app:organisation.svg' alt='Logo'></p>")
    assert (
        sandbox.render(
            job(html, images=[Attachment("organisation.svg", "image/svg+xml", drawing)])
        ).page_count
        == 1
    )
    with pytest.raises(ResourceRefused):
        sandbox.render(job(html))


def test_threads_take_their_turn(sandbox):
    made = []
    threads = [
        threading.Thread(target=lambda: made.append(sandbox.render(job(page("<p>x</p>"))).page_count))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1, 1, 1, 1]


def test_the_process_knows_no_secret(sandbox, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "a-secret-of-the-application")
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere")
    started = sandbox._start()
    try:
        if sys.platform == "linux":
            environment = Path(f"/proc/{started.pid}/environ").read_bytes()
            names = {line.partition(b"=")[0] for line in environment.split(b"\0")}
            assert not names & {b"SECRET_KEY", b"DATABASE_URL"}
    finally:
        started.kill()
        started.communicate()


def test_the_process_may_not_reach_the_network_or_start_programs():
    for event in ("socket.connect", "subprocess.Popen", "os.exec"):
        with pytest.raises(PermissionError):
            child._refuse_the_outside(event, ())
    child._refuse_the_outside("open", ("any",))


def test_the_process_does_not_load_the_application():
    options = ["--static", str(PROJECT / "static"), "--memory-mb", "1024", "--cpu-seconds", "30"]
    run = subprocess.run(
        [sys.executable, "-P", "-X", "importtime", str(FIRST_FILE), *options],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines()}
    assert "eventsapp.pdf.tagging" in loaded
    assert not loaded & {"flask", "sqlalchemy", "eventsapp.core.db", "config"}
