"""The rendering process, started through `start_child` and killed by `sandbox`.

It knows neither the application nor its secrets or database; it reads jobs on its input and answers on its
output. It limits itself: memory, processor time, no network, no other process.
"""

import argparse
import base64
import contextlib
import os
import resource
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from eventsapp.pdf.errors import DocumentRefused, ResourceRefused, UnsupportedCharacter
from eventsapp.pdf.fetching import SCHEME, static_assets
from eventsapp.pdf.render import render_document
from eventsapp.pdf.wire import Job, read_message, write_message

FORBIDDEN_EVENTS = (
    "socket.connect",
    "socket.bind",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
)
LARGEST_FILE_MB = 64


def main() -> None:
    """Answer jobs until the input ends or a job leaves the process in doubt."""
    options = _parse_options()
    answers = _keep_output_for_answers()
    _limit(resource.RLIMIT_AS, options.memory_mb << 20)
    _limit(resource.RLIMIT_FSIZE, LARGEST_FILE_MB << 20)
    _limit(resource.RLIMIT_CORE, 0)
    sys.addaudithook(_refuse_the_outside)
    assets = static_assets(options.static)
    write_message(answers, {"status": "waiting"})
    while (message := read_message(sys.stdin.buffer)) is not None:
        _allow_cpu(options.cpu_seconds)
        answer = answer_job(Job.from_json(message), assets)
        write_message(answers, answer)
        if answer["status"] == "failed":
            return


def answer_job(job: Job, assets: Mapping[str, bytes]) -> dict[str, Any]:
    """Render and say how it went: done, refused (the document's fault) or failed (start another process)."""
    own = {f"{SCHEME}{image.name}": image.content for image in job.images}
    try:
        rendered = render_document(
            job.html, {**own, **assets}, created_at=job.created_at, attachments=job.attachments
        )
    except UnsupportedCharacter as error:
        return {"status": "refused", "kind": "characters", "details": error.characters}
    except ResourceRefused as error:
        return {"status": "refused", "kind": "resources", "details": error.names}
    except DocumentRefused as error:
        return {"status": "refused", "kind": "content", "details": [str(error)]}
    except RecursionError:
        return {"status": "refused", "kind": "content", "details": ["nested too deeply"]}
    except BaseException as error:  # WeasyPrint also raises outside Exception
        return {"status": "failed", "error": f"{type(error).__name__}: {str(error)[:200]}"}
    content = base64.b64encode(rendered.content).decode("ascii")
    return {"status": "done", "content": content, "page_count": rendered.page_count}


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--static", type=Path, required=True)
    parser.add_argument("--memory-mb", type=int, required=True)
    parser.add_argument("--cpu-seconds", type=int, required=True)
    return parser.parse_args()


def _keep_output_for_answers() -> BinaryIO:
    # Whatever a library prints goes to the errors, never among the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _limit(what: int, value: int) -> None:
    # macOS refuses some limits: the wall clock of the sandbox remains.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (value, value))


def _allow_cpu(seconds: int) -> None:
    """Give the coming job its seconds, whatever the jobs before it used."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, resource.RLIM_INFINITY))


def _refuse_the_outside(event: str, _args: tuple[Any, ...]) -> None:
    if event in FORBIDDEN_EVENTS:
        raise PermissionError(f"{event} is refused while rendering")
