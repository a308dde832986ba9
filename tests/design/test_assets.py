"""What a page weighs, and where its files come from."""

import gzip
import re
import subprocess
import sys

import pytest

from eventsapp import create_app
from eventsapp.core.assets import build_stylesheet, load_assets
from tests.architecture.source_tree import ROOT

STATIC = ROOT / "static"
KILOBYTE = 1024


def make_app(**settings):
    return create_app(
        {"SECRET_KEY": "a key for tests only, long enough to be one", "LOG_LEVEL": "ERROR", **settings}
    )


def weight(content):
    return len(gzip.compress(content, 9))


def test_the_stylesheet_weighs_at_most_twelve_kilobytes_compressed():
    assert weight(build_stylesheet(STATIC)) <= 12 * KILOBYTE


def test_all_scripts_weigh_at_most_eight_kilobytes_compressed():
    scripts = [path.read_bytes() for path in (STATIC / "js").rglob("*.js")]
    assert sum(map(weight, scripts)) <= 8 * KILOBYTE


def test_vendored_files_are_those_of_the_record():
    checked = subprocess.run([sys.executable, ROOT / "bin/vendor", "--check"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


def test_every_icon_in_a_template_is_in_the_sprite():
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    used = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"""icon(?:_name)?(?:=|\()['"]([\w-]+)['"]""", path.read_text())
    }
    assert used - sprite == set()


def test_the_stylesheet_begins_with_the_order_of_its_layers():
    assert build_stylesheet(STATIC).startswith(
        b"@layer reset, tokens, base, layout, components, utilities, print;"
    )


def test_every_file_the_stylesheet_names_is_there_with_its_version():
    names = re.findall(r'url\("([^"]+)"\)', build_stylesheet(STATIC).decode())
    assert len(names) >= 6
    for name in names:
        path, version = name.split("?v=")
        assert (STATIC / path).exists()
        assert len(version) == 12


def test_braces_of_every_style_sheet_are_closed():
    for path in (STATIC / "css").rglob("*.css"):
        assert path.read_text().count("{") == path.read_text().count("}"), path.name


def test_an_address_changes_when_its_file_changes(tmp_path):
    for name in ("layers", "tokens", "reset", "base", "layout", "utilities", "print"):
        (tmp_path / "css/components").mkdir(parents=True, exist_ok=True)
        (tmp_path / "css" / f"{name}.css").write_text("")
    (tmp_path / "icons.svg").write_text("<svg/>")
    before = load_assets(tmp_path)
    (tmp_path / "icons.svg").write_text("<svg></svg>")
    (tmp_path / "css/base.css").write_text("a{}")
    after = load_assets(tmp_path)
    assert before.url("icons.svg") != after.url("icons.svg")
    assert before.url("app.css") != after.url("app.css")
    assert before.url("css/print.css") == after.url("css/print.css")


def test_the_stylesheet_travels_compressed_when_the_browser_takes_it():
    client = make_app().test_client()
    address = load_assets(STATIC).url("app.css")
    compressed = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    plain = client.get(address)
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(compressed.data) == plain.data == build_stylesheet(STATIC)
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert plain.mimetype == "text/css"


@pytest.mark.parametrize(
    ("development", "has_version", "is_kept"),
    [(False, True, True), (False, False, False), (True, True, False)],
)
def test_versioned_files_are_kept_for_a_year_in_production_only(development, has_version, is_kept):
    address = load_assets(STATIC).url("icons.svg") if has_version else "/static/icons.svg"
    with make_app(DEVELOPMENT=development).test_client().get(address) as answer:
        assert ("immutable" in answer.headers["Cache-Control"]) is is_kept


def test_the_gallery_is_shown_in_development_only():
    assert make_app(DEVELOPMENT=False).test_client().get("/galerie").status_code == 404


def test_scripts_share_one_version_because_they_load_each_other():
    assets = load_assets(STATIC)
    versions = {
        assets.url(path.relative_to(STATIC).as_posix()).split("?")[1] for path in STATIC.rglob("*.js")
    }
    assert len(versions) == 1
