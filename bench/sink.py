"""An SMTP server that keeps nothing but the identifier of each message: ``python -m bench.sink PORT FILE``."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from typing import Any

from aiosmtpd.smtp import SMTP

_IDENTIFIER = re.compile(rb"^message-id: *(\S+)", re.IGNORECASE | re.MULTILINE)


class Handler:
    """Writes the identifier down, then accepts."""

    def __init__(self, path: str) -> None:
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        found = _IDENTIFIER.search(envelope.content)
        os.write(self.file, (found[1] if found else b"-") + b"\n")
        return "250 2.0.0 accepted"


async def main(port: int, path: str) -> None:
    handler, loop = Handler(path), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, hostname="sink", loop=loop), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
