"""What the repository may not carry: addresses of registries, paths of one machine, secrets, large files."""

import re

from tests.architecture.source_tree import name_of, text_files, tracked_files

REGISTRIES = re.compile(
    r"py[p]i\.org|pythonhoste[d]\.org|registry\.npm[j]s|registry\.yarn[p]kg|npm[j]s\.com|deb\.debia[n]\.org"
    r"|unpk[g]\.com|jsdeliv[r]|archive\.ubunt[u]\.com|fonts\.goo[g]leapis"
)
MACHINE_PATHS = re.compile(r"/wor[k]/|/opt/ven[v]|/tmp/h[/u]|/home/[a-z]+/|/Users/[a-z]+/")
PRIVATE_KEYS = re.compile(r"-----BEGIN [A-Z ]*PRIVAT[E] KEY-----")
LARGEST_FILE = 3_000_000


def lines_with(pattern):
    return [
        f"{name_of(path)}:{number}"
        for path, text in text_files()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_package_registry():
    assert lines_with(REGISTRIES) == []


def test_no_file_names_a_folder_of_one_machine():
    assert lines_with(MACHINE_PATHS) == []


def test_no_file_holds_a_private_key():
    assert lines_with(PRIVATE_KEYS) == []


def test_no_file_is_huge():
    assert [name_of(path) for path in tracked_files() if path.stat().st_size > LARGEST_FILE] == []


def test_no_work_is_left_for_later_in_a_comment():
    later = re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X])\b")
    code = {".py", ".html", ".js", ".css", ".txt", ".sh", ".toml"}
    marks = [place for place in lines_with(later) if f".{place.split(':')[0].rsplit('.', 1)[-1]}" in code]
    assert [mark for mark in marks if "/vendor/" not in mark] == []
