"""The only door of a rendering: a closed dictionary of `app:` names. No file, no network, no `data:`."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools.ttLib import woff2
from weasyprint.urls import URLFetcher, URLFetcherResponse

SCHEME = "app:"
MIME_TYPES = {
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
}
STATIC_PATTERNS = ("css/document*.css", "fonts/*.woff2", "fonts/*/*.woff2", "img/logo*.svg", "img/logo*.png")


class ClosedFetcher(URLFetcher):  # type: ignore[misc]
    """Gives the bytes of the assets it was made with, and remembers each name it refused."""

    def __init__(self, assets: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.assets = assets
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Answer with an asset, or record the refusal and raise."""
        body = self.assets.get(url)
        if body is None:
            self.refused.append(url[:120])
            raise ValueError("resource refused")
        return URLFetcherResponse(url, body, {"Content-Type": mime_type(url)})


def mime_type(name: str) -> str:
    """The type of an asset, told by its name alone."""
    return MIME_TYPES.get(Path(name).suffix.lower(), "application/octet-stream")


def static_assets(folder: Path) -> dict[str, bytes]:
    """The style sheet, fonts and logo of the project, under the names documents call them by."""
    paths = (path for pattern in STATIC_PATTERNS for path in sorted(folder.glob(pattern)))
    return {f"{SCHEME}{path.relative_to(folder).as_posix()}": _read(path) for path in paths}


def _read(path: Path) -> bytes:
    if path.suffix != ".woff2":
        return path.read_bytes()
    # Unpacked once here: WeasyPrint would do it again for every document, half the time of a short one.
    unpacked = BytesIO()
    woff2.decompress(BytesIO(path.read_bytes()), unpacked)
    return unpacked.getvalue()
