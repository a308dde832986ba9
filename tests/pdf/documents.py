"""Documents made for the tests, on the real layout. The people in them are invented and say so."""

from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

PROJECT = Path(__file__).parents[2]
CREATED_AT = datetime(2011, 6, 14, 7, 30, tzinfo=UTC)
LAYOUTS = Environment(loader=FileSystemLoader(PROJECT / "templates"), autoescape=True)

MINUTES = """
{% extends "layouts/document.html" %}
{% block issuer %}Réseau d’essai des territoires solidaires{% endblock %}
{% block reference %}CR-2011-014 · version 1 · projet{% endblock %}
{% block kind %}Compte rendu{% endblock %}
{% block title %}Rencontre régionale des élues et élus à l’économie sociale et solidaire{% endblock %}
{% block lead %}Hôtel de région, Lille. Personnes et organismes de démonstration.{% endblock %}
{% block facts %}<dt>Date</dt><dd>mardi 14 juin 2011, de 9 h 30 à 17 h 15</dd>
<dt>Présidence</dt><dd>Mme Démonstration, conseillère régionale</dd>
<dt>Secrétaire de séance</dt><dd>M. Exemple, chargé de mission</dd>
<dt>État</dt><dd><span class="status draft">Projet</span></dd>{% endblock %}
{% block main %}
<h2>1. Ouverture de la séance</h2>
<p>La séance est ouverte à 9 h 35. Œuvres, cœur, façade, Noël, « guillemets »\N{NO-BREAK SPACE}: tout s’écrit.
Le <a href="https://rencontres.example/ordre-du-jour">détail de l’ordre du jour</a> est en ligne, et un passage
est en anglais\N{NO-BREAK SPACE}: <em lang="en">social economy</em>. Le sigle <abbr title="économie sociale et solidaire">ESS</abbr> est développé.</p>
<ul><li>Un premier point<ol><li>avec un détail</li><li>et un autre</li></ol></li><li>Un second point</li></ul>
<h3>Relevé de ce qui est décidé</h3>
<div class="decision"><p class="label">Décision 2011-07</p><p>Ouvrir un appel à projets commun aux départements.</p>
<p class="vote">Pour\N{NO-BREAK SPACE}: 24 · contre\N{NO-BREAK SPACE}: 1 · abstentions\N{NO-BREAK SPACE}: 3</p></div>
<table><caption>Actions à mener</caption>
<colgroup><col class="w8"><col class="w45"><col class="w25"><col class="w22"></colgroup>
<thead><tr><th scope="col" class="num">N°</th><th scope="col">Action</th><th scope="col">Responsable</th><th scope="col">Échéance</th></tr></thead>
<tbody><tr><th scope="row" class="num">1</th><td>Rédiger l’appel à projets</td><td>Région</td><td>30 juin 2011</td></tr>
<tr><th scope="row" class="num">2</th><td>Réunir les financeurs</td><td>Département</td><td>15 juillet 2011</td></tr></tbody></table>
<blockquote><p>« Nous avons besoin de temps, pas seulement d’argent. »</p></blockquote>
<div class="note"><p>Ce compte rendu sera soumis à approbation à l’ouverture de la prochaine rencontre.</p></div>
<p class="place-date">Fait à Lille, le 1<sup>er</sup> juillet 2011</p>
<ul class="signatures"><li><p class="role">La présidente de séance</p><p>Mme Démonstration</p></li><li><p class="role">Le secrétaire de séance</p><p>M. Exemple</p></li></ul>
{% endblock %}
"""

SIGN_IN_SHEET = """
{% extends "layouts/document.html" %}
{% block orientation %}landscape{% endblock %}
{% block issuer %}Réseau d’essai des territoires solidaires{% endblock %}
{% block reference %}FE-2011-014{% endblock %}
{% block kind %}Feuille d’émargement{% endblock %}
{% block title %}Rencontre régionale des élues et élus à l’économie sociale et solidaire{% endblock %}
{% block lead %}Mardi 14 juin 2011, de 9 h 30 à 17 h, hôtel de région, Lille{% endblock %}
{% block main %}
<table class="signing"><caption>Personnes inscrites (démonstration)</caption>
<colgroup><col class="w5"><col class="w22"><col class="w18"><col class="w25"><col class="w15"><col class="w15"></colgroup>
<thead><tr><th scope="col" class="num">N°</th><th scope="col">Nom et prénom</th><th scope="col">Fonction</th>
<th scope="col">Organisme</th><th scope="col">Matin, 9 h 30 – 12 h 30</th><th scope="col">Après-midi, 14 h – 17 h</th></tr></thead>
<tbody>{% for i in range(1, rows + 1) %}<tr><td class="num">{{ i }}</td><th scope="row">DÉMONSTRATION{{ i }} Gwenaëlle</th><td>Adjointe au maire</td>
<td>Commune d’essai n°\N{NO-BREAK SPACE}{{ i }}</td><td></td><td></td></tr>{% endfor %}</tbody></table>
<p class="legal">Données recueillies par le réseau pour attester de votre présence\N{NO-BREAK SPACE}; conservées trois ans.</p>
{% endblock %}
"""


def minutes() -> str:
    """One page with everything a text document may hold."""
    return _made(MINUTES)


def sign_in_sheet(rows: int = 45) -> str:
    """A landscape table over three pages."""
    return _made(SIGN_IN_SHEET, rows=rows)


def page(body: str, head: str = "") -> str:
    """The smallest document."""
    return (
        f"<!doctype html><html lang=fr><head><title>Essai</title>{head}</head>"
        f"<body><h1>Essai</h1>{body}</body></html>"
    )


def _made(source: str, **context: object) -> str:
    return LAYOUTS.from_string(source).render(**context)
