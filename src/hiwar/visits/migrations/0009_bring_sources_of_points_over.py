"""Every talking point gets the source of the library that its words name, and loses it."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from hiwar.evidence.migrations._shelf import Naming, Shelf, in_house_order


def bring_over(apps: Any, _editor: Any) -> None:
    shelf, points = Shelf(apps), apps.get_model("visits", "TalkingPoint").objects
    for point in points.select_related("visit__owner").order_by("visit", "position", "pk"):
        visit = point.visit
        own = points.filter(visit=visit).exclude(source=None).values_list("source", flat=True)
        naming = Naming(
            in_house_order(point.reference), visit, point.address, is_demo=visit.is_demo,
            own=set(own),
        )  # fmt: skip
        point.source = shelf.source_of(
            naming, at=visit.created_at, checked=point.checked_on, by=None
        )
        point.save(update_fields=["source"])


def bring_back(apps: Any, _editor: Any) -> None:
    apps.get_model("visits", "TalkingPoint").objects.update(source=None)


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0008_sources_of_what_is_stated"),
        ("evidence", "0003_bring_sources_of_facts_over"),
    ]

    operations = [migrations.RunPython(bring_over, bring_back)]
