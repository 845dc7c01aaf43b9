"""The trace of a large dossier: `python -m bench.trace`.

2,000 statements, 300 evidence items, 60 recommendations that rest on 35 of these each, and 200
points of an ask. Its river and two walks are asked for again and again through everything that
answers a request, without a network. Shown are the processor's milliseconds (the middle of the
runs), queries and kilobytes, beside what is aimed at.
"""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bench.pages import LIMITS, ask

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier

ROOT = Path(__file__).resolve().parents[1]
STATEMENTS, ITEMS, RECOMMENDATIONS, POINTS = 2000, 300, 60, 200
CITED_STATEMENTS, CITED_ITEMS = 30, 5
LIMITS["trace"] = (12, 200.0, 200_000)
MADE = datetime(2027, 7, 4, 9, tzinfo=UTC)


def words(word: str, number: int) -> dict[str, str]:
    """Return words of the length of a statement in both languages."""
    return {
        "ar": f"{word} {number}: تأخر صرف بدل التدريب عن كثيرين في المحافظات البعيدة",
        "en": f"{word} {number}: training pay came late for many people in far governorates",
    }


def make_dossier(owner: User) -> Dossier:
    """Make the dossier with all that stands at its stations."""
    from factories.asks import AskFactory
    from factories.dialogues import DialogueFactory
    from factories.dossiers import DossierFactory
    from factories.papers import make_paper
    from hiwar.asks.models import AskPoint
    from hiwar.dialogues.models import Statement
    from hiwar.evidence.models import EvidenceItem
    from hiwar.papers.models import Block, Citation, Recommendation

    dossier = DossierFactory.create(owner=owner)
    dialogue = DialogueFactory.create(dossier=dossier, code="LARGE")
    statements = Statement.objects.bulk_create(
        Statement(dialogue=dialogue, number=at + 1, text=words("رأي", at), language="ar",
                  source="seed", state=Statement.State.OPEN, added_at=MADE)
        for at in range(STATEMENTS)
    )  # fmt: skip
    items = EvidenceItem.objects.bulk_create(
        EvidenceItem(dossier=dossier, kind="testimony", text=words("دليل", at),
                     added_by=owner, added_at=MADE)
        for at in range(ITEMS)
    )  # fmt: skip
    paper = make_paper(owner, dossier=dossier)
    blocks = Block.objects.bulk_create(
        Block(paper=paper, kind="recommendation", position=1000 + at, texts=words("توصية", at))
        for at in range(RECOMMENDATIONS)
    )
    recommendations = Recommendation.objects.bulk_create(
        Recommendation(block=block) for block in blocks
    )
    cited = [
        (recommendation, target, records[(at * step + place) % len(records)])
        for at, recommendation in enumerate(recommendations)
        for target, records, step, many in (
            ("statement", statements, 33, CITED_STATEMENTS), ("item", items, 5, CITED_ITEMS),
        )
        for place in range(many)
    ]  # fmt: skip
    Citation.objects.bulk_create(
        Citation(paper=paper, number=1000 + number, recommendation=recommendation,
                 seen_by=owner, seen_at=MADE, added_by=owner, added_at=MADE, **{target: record})
        for number, (recommendation, target, record) in enumerate(cited)
    )  # fmt: skip
    ask_of = AskFactory.create(dossier=dossier)
    AskPoint.objects.bulk_create(
        AskPoint(ask=ask_of, number=at + 1, act=words("طلب", at),
                 recommendation=recommendations[at % RECOMMENDATIONS])
        for at in range(POINTS)
    )  # fmt: skip
    return dossier


def measure() -> bool:
    """Make the dossier, ask for its pages, and say whether all are as quick as is aimed at."""
    from django.db import connection
    from django.test import Client

    from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
    from hiwar.accounts.actions.people import load_roles
    from hiwar.papers.models import Recommendation

    load_roles(at=MADE)
    InstitutionFactory.create()
    owner = UserFactory.create(roles=["programme_manager"])
    dossier = make_dossier(owner)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client(SERVER_NAME="localhost")
    sign_in_fully(client, owner)
    first = Recommendation.objects.order_by("-block__position").values_list("pk", flat=True)[0]
    pages = {
        "river": f"/desk/trace/dossier/{dossier.code}/",
        "walk of a recommendation": f"/desk/trace/recommendation/{first.hex}/",
        "walk of a statement": "/desk/trace/statement/LARGE-1/",
    }
    good = [ask(client, "trace", title, address) for title, address in pages.items()]
    return all(good)


def main() -> int:
    """Measure in a database of its own: SQLite, or what HIWAR_DATABASE_URL says."""
    sys.path.insert(0, str(ROOT / "tests"))
    os.environ["HIWAR_ENV_FILE"] = str(ROOT / ".env.example")
    os.environ["DJANGO_SETTINGS_MODULE"] = "hiwar.config.settings"
    os.environ["HIWAR_STATIC_HASHED"] = "no"
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("HIWAR_DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        return 0 if measure() else 1


if __name__ == "__main__":
    sys.exit(main())
