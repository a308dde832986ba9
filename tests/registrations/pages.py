"""What the pages of a registration would send, and what they say."""

from html.parser import HTMLParser

DETAILS = {
    "civility": "Mme",
    "given_name": "Zoé",
    "family_name": "D’Été <b>",
    "email": "zoe@exemple.fr",
    "phone": "06 12 34 56 78",
    "organisation": "Métropole « Sud »",
    "job_title": "Conseillère",
    "participant_kind": "elected",
    "region_code": "53",
    "needs": "Boucle magnétique\nRepas sans porc",
    "accepts_listing": "y",
}


class Page(HTMLParser):
    """What the form of a page would send, and what it says."""

    def __init__(self, answer):
        super().__init__()
        self.values, self.lists, self.disabled, self.text = {}, {}, set(), ""
        self.select, self.area = None, None
        self.feed(answer.text)

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        if tag == "input":
            self.read_input(names)
        elif tag == "select":
            self.select = names["name"]
            self.values[self.select] = ""
        elif tag == "option" and self.select and "selected" in names:
            self.keep(self.select, names["value"])
        elif tag == "textarea":
            self.area = names["name"]
            self.values[self.area] = ""

    def read_input(self, names):
        kind = names.get("type", "text")
        if "disabled" in names:
            self.disabled.add(names["value"])
        elif kind in ("radio", "checkbox"):
            if "checked" in names:
                self.keep(names["name"], names.get("value", "on"))
        elif names.get("name") and kind != "file":
            self.keep(names["name"], names.get("value") or "")

    def keep(self, name, value):
        """One value of a field; ``lists`` has them all."""
        self.values[name] = value
        self.lists.setdefault(name, []).append(value)

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        elif tag == "textarea":
            self.keep(self.area, self.values[self.area].lstrip("\r\n"))
            self.area = None

    def handle_data(self, data):
        if self.area:
            self.values[self.area] += data
        self.text += data

    @property
    def answers(self):
        return {k: v.lstrip("\r\n") for k, v in self.values.items() if k not in ("csrf_token", "reference")}
