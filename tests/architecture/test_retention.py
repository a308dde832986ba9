"""What the privacy page promises to erase is erased by the worker: no such service waits for a caller."""

import ast

from eventsapp.worker.tasks import ERASURES
from tests.architecture.source_tree import modules, name_of, tree_of

ERASING = ("erase_", "forget_", "purge_", "expire_")
OF_THEIR_OWN_TASK = {"expire_due_offers"}


def periodic_services():
    """Functions of services that need nothing but an instant: those that time alone makes due."""
    for path in modules():
        if "worker" in path.parts:
            continue
        for node in tree_of(path).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith(ERASING):
                asked = [argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)]
                if asked == ["at"]:
                    yield f"{name_of(path).removesuffix('.py').replace('/', '.')}.{node.name}"


def test_each_service_that_erases_with_time_is_called_by_the_worker():
    called = {f"{erase.__module__}.{erase.__name__}" for erase in ERASURES}
    waiting = {name for name in periodic_services() if name.rpartition(".")[2] not in OF_THEIR_OWN_TASK}
    assert waiting
    assert waiting == called
