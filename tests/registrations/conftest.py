"""What tests of registrations share."""

import pytest

from eventsapp.core.db import unit_of_work


@pytest.fixture
def writing(context):
    """The test is one writing transaction, as a request is."""
    with unit_of_work():
        yield
