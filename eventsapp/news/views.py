"""News: the public list and page, and their writing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.core.i18n import _
from eventsapp.core.paging import page_number, paginate
from eventsapp.core.permissions import Permission, public, requires
from eventsapp.news import queries, services
from eventsapp.news.forms import ArticleForm
from eventsapp.news.models import ARTICLE_KINDS, Article

bp = Blueprint("news", __name__)


@bp.get("/actualites")
@public
def index() -> Any:
    page = paginate(queries.published_articles(at=now()), number=page_number(), size=20)
    return render_template("news/index.html", page=page)


@bp.get("/actualites/<slug>")
@public
def article(slug: str) -> Any:
    return render_template("news/article.html", article=queries.get_published_article(slug, at=now()))


@bp.get("/gestion/actualites")
@requires(Permission.WRITE_NEWS)
def list_articles() -> Any:
    page = paginate(queries.every_article(), number=page_number())
    return render_template("news/list.html", page=page, kinds=ARTICLE_KINDS)


@bp.route("/gestion/actualites/nouvelle", methods=["GET", "POST"])
@requires(Permission.WRITE_NEWS)
def write() -> Any:
    form = ArticleForm()
    if form.validate_on_submit():
        article = services.write_article(**_content(form), at=now())
        flash(_("Le brouillon est enregistré."), "success")
        return redirect(url_for("news.edit", article_id=article.id), 303)
    return render_template("news/edit.html", form=form, article=None), form.status


@bp.route("/gestion/actualites/<int:article_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_NEWS)
def edit(article_id: int) -> Any:
    article = db.session.get_one(Article, article_id)
    form = ArticleForm(obj=article)
    if form.validate_on_submit():
        services.edit_article(article, **_content(form))
        flash(_("L’actualité est enregistrée."), "success")
        return redirect(url_for("news.edit", article_id=article_id), 303)
    return render_template("news/edit.html", form=form, article=article), form.status


@bp.post("/gestion/actualites/<int:article_id>/publication")
@requires(Permission.WRITE_NEWS)
def publish(article_id: int) -> Any:
    services.publish_article(db.session.get_one(Article, article_id), at=now())
    flash(_("L’actualité est en ligne."), "success")
    return redirect(url_for("news.edit", article_id=article_id), 303)


@bp.post("/gestion/actualites/<int:article_id>/retrait")
@requires(Permission.WRITE_NEWS)
def withdraw(article_id: int) -> Any:
    services.withdraw_article(db.session.get_one(Article, article_id))
    flash(_("L’actualité n’est plus en ligne."), "success")
    return redirect(url_for("news.edit", article_id=article_id), 303)


def _content(form: ArticleForm) -> dict[str, str]:
    return {
        "title": form.title.data,
        "kind": form.kind.data,
        "summary": form.summary.data,
        "body": form.body.data,
    }
