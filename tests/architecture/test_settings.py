"""Settings are declared once, documented, refused by name, and read nowhere else."""

import ast
import subprocess
import sys

import pytest

from config import SETTINGS, SettingError, load_settings
from tests.architecture.settings_page import PAGE, settings_page
from tests.architecture.source_tree import ROOT, line_of, modules, tree_of


def test_the_page_of_settings_says_what_the_code_says():
    assert PAGE.read_text(encoding="utf-8") == settings_page(), "type: bin/document-settings"


def test_every_setting_says_what_it_is_for():
    assert [setting.name for setting in SETTINGS if len(setting.doc) < 10] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://root@localhost/x"),
        ("HTTPS_ONLY", "maybe"),
        ("MAIL_PORT", "0"),
        ("PUBLIC_URL", "rencontres.example"),
        ("SECRET_KEY", "short"),
        ("TIME_ZONE", "Mars/Olympus"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(name, value):
    with pytest.raises(SettingError, match=f"^{name}="):
        load_settings({name: value})


def test_the_server_does_not_start_with_a_wrong_setting():
    start = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=ROOT,
        env={"MAIL_PORT": "many"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert start.returncode != 0
    assert "MAIL_PORT='many'" in start.stderr.splitlines()[-1]


def test_only_the_factory_and_the_supervisor_read_the_environment():
    """`os.environ` elsewhere would be a setting that nobody documents; the PDF process only hands some of it on."""
    readers = {
        line_of(path, node).split(":")[0]
        for path in modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }
    # The sandbox reads no setting: it passes on where libraries are, and nothing else, to its process.
    assert readers <= {"eventsapp/__init__.py", "eventsapp/cli/serve.py", "eventsapp/pdf/sandbox.py"}


def test_every_setting_read_is_declared():
    declared = {setting.name for setting in SETTINGS}
    framework = {"TESTING", "DEBUG", "SERVER_NAME", "MAX_CONTENT_LENGTH"}
    read = {
        (node.slice.value, line_of(path, node))
        for path in modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "config"
        and isinstance(node.ctx, ast.Load)
        and isinstance(node.slice, ast.Constant)
    }
    framed = ("SQLALCHEMY_", "WTF_", "SESSION_", "PERMANENT_", "BABEL_")
    unknown = [
        where for name, where in read if name not in declared | framework and not str(name).startswith(framed)
    ]
    assert unknown == []
