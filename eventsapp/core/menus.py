"""Menus that slices declare: the back office's own, and the tabs shared by a meeting's pages.

A slice's ``menu.py`` exports OFFICE_MENU and MEETING_TABS (either may be missing); ``create_app`` lists
those modules. So a page of a lower slice shows a link to a higher one without knowing it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Protocol

from flask import Flask, current_app, request, url_for

from eventsapp.core.i18n import Text
from eventsapp.core.permissions import Permission, current_actor, may, scope_of

EXTENSION = "rencontres-menus"


@dataclass(frozen=True)
class MenuEntry:
    """A link to an endpoint, shown to those who hold the permission. A tab's endpoint takes ``meeting_id``."""

    label: Text
    endpoint: str
    permission: Permission
    order: int
    icon: str = ""


@dataclass(frozen=True)
class Menus:
    """Every declared entry, in the order shown."""

    office: tuple[MenuEntry, ...]
    meeting: tuple[MenuEntry, ...]


@dataclass(frozen=True)
class OfficeLink:
    """What layouts/office.html shows of an entry."""

    label: Text
    href: str
    icon: str
    current: bool


class PlacedMeeting(Protocol):
    """What a tab needs to know of a meeting: which one, and where it is held."""

    @property
    def id(self) -> Any: ...

    @property
    def region_code(self) -> Any: ...


def init_app(app: Flask, declarations: Iterable[ModuleType]) -> None:
    """Collect the menus, once blueprints are registered; an unknown endpoint stops the start."""
    modules = tuple(declarations)
    menus = Menus(_collect(modules, "OFFICE_MENU"), _collect(modules, "MEETING_TABS"))
    unknown = [x.endpoint for x in (*menus.office, *menus.meeting) if x.endpoint not in app.view_functions]
    if unknown:
        raise LookupError(f"menu entries lead nowhere: {', '.join(unknown)}")
    app.extensions[EXTENSION] = menus
    app.context_processor(_for_templates)


def _collect(modules: Sequence[ModuleType], name: str) -> tuple[MenuEntry, ...]:
    entries = (entry for module in modules for entry in getattr(module, name, ()))
    return tuple(sorted(entries, key=lambda entry: entry.order))


def _for_templates() -> dict[str, object]:
    return {"office_nav": office_links(), "meeting_tabs": meeting_tabs}


def office_links() -> list[OfficeLink]:
    """Return the back office's menu for the person signed in; empty for a visitor."""
    if current_actor() is None:
        return []
    shown = [entry for entry in _menus().office if may(entry.permission)]
    hrefs = [url_for(entry.endpoint) for entry in shown]
    current = nearest(request.path, hrefs)
    return [
        OfficeLink(entry.label, href, entry.icon, href == current)
        for entry, href in zip(shown, hrefs, strict=True)
    ]


def meeting_tabs(meeting: PlacedMeeting, current: str | None = None) -> list[tuple[Text, str, bool]]:
    """Return (label, address, is current) for components/tabs.html; ``current`` names an endpoint
    when the page's own address is none of the tabs'."""
    shown = [entry for entry in _menus().meeting if _may_here(entry, meeting)]
    hrefs = [url_for(entry.endpoint, meeting_id=meeting.id) for entry in shown]
    here = url_for(current, meeting_id=meeting.id) if current else nearest(request.path, hrefs)
    return [(entry.label, href, href == here) for entry, href in zip(shown, hrefs, strict=True)]


def nearest(path: str, hrefs: Sequence[str]) -> str | None:
    """Return the address that the path is, or is under; the longest wins.

    An address that others are under (the dashboard above every page) stands for itself alone.
    """
    leaves = [x for x in hrefs if not any(other.startswith(f"{x}/") for other in hrefs)]
    under = [x for x in leaves if path.startswith(f"{x}/")]
    return path if path in hrefs else max(under, key=len, default=None)


def _may_here(entry: MenuEntry, meeting: PlacedMeeting) -> bool:
    scope = scope_of(current_actor(), entry.permission)
    return scope.includes(territory_code=meeting.region_code, meeting_id=meeting.id)


def _menus() -> Menus:
    menus: Menus = current_app.extensions[EXTENSION]
    return menus
