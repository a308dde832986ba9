"""Writes docs/settings.md from config.SETTINGS: `bin/document-settings` types it, a test compares."""

from pathlib import Path

from config import ROOT, SETTINGS, stored_secret

PAGE = ROOT / "docs" / "settings.md"
HEAD = """# Settings

Environment variables, read once at start. A wrong value stops the start with a sentence that names it.
Nothing has to be set to try the site: `bin/run`. This page is made from `config.py` by `bin/document-settings`.

| Name | Default | What it is for |
| --- | --- | --- |
"""


def shown_default(default: object) -> str:
    if default is stored_secret:
        return "made at the first start"
    if isinstance(default, bool):
        default = int(default)
    text = str(default).replace(f"{ROOT}/", "")
    return f"`{text}`" if text else "–"


def settings_page() -> str:
    rows = (f"| `{item.name}` | {shown_default(item.default)} | {item.doc} |" for item in SETTINGS)
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    Path(PAGE).write_text(settings_page(), encoding="utf-8")
