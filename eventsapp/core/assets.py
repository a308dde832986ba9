"""Static files: one stylesheet built at start-up, and addresses that change with the content."""

import gzip
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, Response, current_app, request

from eventsapp.core.permissions import public

ONE_YEAR = 31_536_000  # seconds

# The cascade is decided by the @layer statement, so components may come in any (alphabetical) order.
STYLESHEET_ORDER = ("layers", "tokens", "reset", "base", "layout", "components", "utilities", "print")

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENT = re.compile(r"\s*\n\s*")
_URL = re.compile(r'url\("([^"]+)"\)')


@dataclass(frozen=True)
class Assets:
    """The built stylesheet and the fingerprint of every static file."""

    stylesheet: bytes
    compressed_stylesheet: bytes
    prefix: str = "/static/"
    fingerprints: dict[str, str] = field(default_factory=dict)

    def url(self, name: str) -> str:
        """The address of a static file; it changes when the file changes, so it may be cached for ever.

        Templates know this method as asset_url. An unknown name is a programming mistake: KeyError.
        """
        return f"{self.prefix}{name}?v={self.fingerprints[name]}"


def init_app(app: Flask) -> None:
    """Serve the built stylesheet and give templates asset_url; versioned addresses are cached for a year."""
    assert app.static_folder is not None  # noqa: S101 - create_app sets it
    app.extensions["assets"] = load_assets(Path(app.static_folder))
    app.jinja_env.globals["asset_url"] = app.extensions["assets"].url
    app.add_url_rule("/static/app.css", "stylesheet", _serve_stylesheet)
    app.view_functions["static"] = public(app.view_functions["static"])
    if not app.config["DEVELOPMENT"]:
        app.after_request(_cache_versioned_files)


@public
def _serve_stylesheet() -> Response:
    assets: Assets = current_app.extensions["assets"]
    if current_app.config["DEVELOPMENT"]:
        assets = load_assets(Path(str(current_app.static_folder)))
    is_gzip_welcome = request.accept_encodings["gzip"] > 0
    response = Response(
        assets.compressed_stylesheet if is_gzip_welcome else assets.stylesheet, mimetype="text/css"
    )
    if is_gzip_welcome:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def _cache_versioned_files(response: Response) -> Response:
    if request.endpoint in ("static", "stylesheet") and "v" in request.args and response.status_code == 200:
        response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    return response


def load_assets(static_dir: Path, prefix: str = "/static/") -> Assets:
    """Build the stylesheet and take the fingerprints, once, at start-up."""
    fingerprints = fingerprint_files(static_dir)
    stylesheet = build_stylesheet(static_dir)
    return Assets(
        stylesheet, gzip.compress(stylesheet, 9), prefix, fingerprints | {"app.css": _digest(stylesheet)}
    )


def build_stylesheet(static_dir: Path) -> bytes:
    """All of static/css in one file: a page makes one request for its style."""
    fingerprints = fingerprint_files(static_dir)
    css = "\n".join(path.read_text("utf-8") for path in stylesheet_sources(static_dir))
    css = _INDENT.sub("\n", _COMMENT.sub("", css)).strip() + "\n"
    return _URL.sub(lambda found: f'url("{_versioned(found[1], fingerprints)}")', css).encode()


def stylesheet_sources(static_dir: Path) -> list[Path]:
    """The files of the stylesheet in their declared order; a folder stands for its files, sorted."""
    sources: list[Path] = []
    for name in STYLESHEET_ORDER:
        folder = static_dir / "css" / name
        sources += sorted(folder.glob("*.css")) if folder.is_dir() else [folder.with_suffix(".css")]
    return sources


def fingerprint_files(static_dir: Path) -> dict[str, str]:
    """A short digest of each static file; all scripts share one, because they import each other."""
    paths = [path for path in sorted(static_dir.rglob("*")) if path.is_file()]
    scripts = _digest(b"".join(path.read_bytes() for path in paths if path.suffix == ".js"))
    return {
        path.relative_to(static_dir).as_posix(): scripts
        if path.suffix == ".js"
        else _digest(path.read_bytes())
        for path in paths
    }


def _versioned(name: str, fingerprints: dict[str, str]) -> str:
    return f"{name}?v={fingerprints[name]}" if name in fingerprints else name


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
