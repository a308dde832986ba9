"""A database for the migrations alone."""

import pytest


@pytest.fixture
def empty_place(new_database, tmp_path):
    """The address of a new, empty database of the kind under test."""
    with new_database(tmp_path, "migrations") as url:
        yield url
