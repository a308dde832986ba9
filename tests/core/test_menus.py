"""Which menu entry a page belongs to."""

from types import SimpleNamespace

import pytest
from flask import Flask

from eventsapp.core import menus
from eventsapp.core.permissions import Permission

HREFS = ["/gestion", "/gestion/rencontres", "/gestion/organismes"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/gestion", "/gestion"),
        ("/gestion/rencontres", "/gestion/rencontres"),
        ("/gestion/rencontres/12/programme", "/gestion/rencontres"),
        ("/gestion/mon-compte", None),
        ("/gestion/rencontres-passees", None),
    ],
)
def test_a_page_belongs_to_the_entry_it_is_under(path, expected):
    assert menus.nearest(path, HREFS) == expected


def test_an_entry_that_leads_nowhere_stops_the_start():
    entry = menus.MenuEntry("Perdu", "nowhere.page", Permission.SEE_OFFICE, 1)
    with pytest.raises(LookupError, match=r"nowhere\.page"):
        menus.init_app(Flask("eventsapp"), [SimpleNamespace(OFFICE_MENU=[entry])])
