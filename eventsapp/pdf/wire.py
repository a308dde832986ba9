"""The language spoken with the rendering process: JSON messages over a pipe, each after its length."""

import base64
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

HEADER = struct.Struct(">Q")


@dataclass(frozen=True)
class Attachment:
    """A file that travels inside the document."""

    name: str
    mime: str
    content: bytes
    description: str = ""

    def as_json(self) -> dict[str, str]:
        content = base64.b64encode(self.content).decode("ascii")
        return {"name": self.name, "mime": self.mime, "content": content, "description": self.description}

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> "Attachment":
        return cls(data["name"], data["mime"], base64.b64decode(data["content"]), data["description"])


@dataclass(frozen=True)
class Job:
    """Everything a rendering needs beside the project's own assets."""

    html: str
    created_at: datetime
    attachments: Sequence[Attachment] = ()
    images: Sequence[Attachment] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "html": self.html,
            "created_at": self.created_at.isoformat(),
            "attachments": [attachment.as_json() for attachment in self.attachments],
            "images": [image.as_json() for image in self.images],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Job":
        return cls(
            data["html"],
            datetime.fromisoformat(data["created_at"]),
            [Attachment.from_json(item) for item in data["attachments"]],
            [Attachment.from_json(item) for item in data["images"]],
        )


@dataclass(frozen=True)
class Rendered:
    """A finished file."""

    content: bytes
    page_count: int


def write_message(pipe: IO[bytes], message: Mapping[str, Any]) -> None:
    body = json.dumps(message).encode("utf-8")
    pipe.write(HEADER.pack(len(body)) + body)
    pipe.flush()


def read_message(pipe: IO[bytes]) -> dict[str, Any] | None:
    """The next message, or None when the other side has gone."""
    header = pipe.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    (length,) = HEADER.unpack(header)
    body = pipe.read(length)
    if len(body) < length:
        return None
    message: dict[str, Any] = json.loads(body)
    return message
