"""Every fact of a dossier gets the source of the library that its words name, and loses it."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from hiwar.evidence.migrations._shelf import Naming, Shelf, forget_words


def bring_over(apps: Any, _editor: Any) -> None:
    shelf, grounds = Shelf(apps), apps.get_model("evidence", "FactSource").objects
    facts = apps.get_model("dossiers", "Fact").objects.select_related(
        "dossier__owner", "checked_by"
    )
    for fact in facts.order_by("added_at", "pk"):
        dossier = fact.dossier
        issued = fact.published_on.isoformat() if fact.published_on else ""
        naming = Naming(
            [fact.source], dossier, fact.url, dossier, issued=issued, is_demo=dossier.is_demo
        )
        source = shelf.source_of(
            naming, at=fact.added_at, checked=fact.checked_on, by=fact.checked_by
        )
        if source is not None:
            grounds.create(fact=fact, source=source)


def bring_back(apps: Any, editor: Any) -> None:
    apps.get_model("evidence", "FactSource").objects.all().delete()
    forget_words(apps, editor.connection)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_sources_of_what_is_stated")]

    operations = [migrations.RunPython(bring_over, bring_back)]
