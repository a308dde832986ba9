"""The shape of the code: what a module is called, holds and may import."""

import ast

import pytest

from tests.architecture.source_tree import APP, line_of, modules, name_of, tree_of

VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "tools"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 50
# What a module of that name may never import: a rule is a pure function, a service knows no request.
FORBIDDEN_IMPORTS = {
    "rules": {"flask", "sqlalchemy", "eventsapp.core.db"},
    "services": {"flask", "flask_wtf", "wtforms"},
    "queries": {"flask", "flask_wtf", "wtforms"},
    "models": {"flask", "flask_wtf", "wtforms", "celery"},
    "forms": {"celery"},
}


def role_of(path):
    """`services` for services.py and for every module of a services/ package."""
    parts = path.relative_to(APP).with_suffix("").parts
    return next((part for part in parts[1:] if part in FORBIDDEN_IMPORTS), None)


def imported_names(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node, node.module
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def test_no_module_has_a_vague_name():
    assert [
        name_of(path) for path in modules() if path.stem in VAGUE_NAMES or path.parent.name in VAGUE_NAMES
    ] == []


def test_a_slice_says_what_it_is_and_imports_nothing():
    wrong = []
    for path in APP.glob("*/__init__.py"):
        body = tree_of(path).body
        if len(body) != 1 or not isinstance(body[0], ast.Expr) or not isinstance(body[0].value, ast.Constant):
            wrong.append(name_of(path))
    assert wrong == []


def test_files_stay_short():
    assert [name_of(path) for path in modules() if len(path.read_text().splitlines()) > LONGEST_FILE] == []


def test_functions_stay_short():
    long = [
        f"{line_of(path, node)} {node.name}"
        for path in modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


@pytest.mark.parametrize("role", FORBIDDEN_IMPORTS)
def test_each_kind_of_module_imports_only_what_suits_it(role):
    wrong = []
    for path in modules():
        if role_of(path) != role:
            continue
        for node, imported in imported_names(tree_of(path)):
            if any(imported == name or imported.startswith(f"{name}.") for name in FORBIDDEN_IMPORTS[role]):
                wrong.append(f"{line_of(path, node)} imports {imported}")
    assert wrong == []


def test_only_core_db_ends_a_transaction():
    drivers = {"eventsapp/core/writers.py", "eventsapp/core/trips.py"}
    enders = [
        line_of(path, node)
        for path in modules()
        if name_of(path) not in {"eventsapp/core/db.py", *drivers}
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"commit", "rollback"}
    ]
    assert enders == []


def test_only_core_clock_reads_the_clock():
    readers = [
        line_of(path, node)
        for path in modules()
        if name_of(path) != "eventsapp/core/clock.py"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "utcnow", "today"}
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date"}
    ]
    assert readers == []
