"""Examples of addresses of papers: the demonstration has none yet."""

from datetime import date

from django.utils import timezone

from factories.papers import (
    NOW,
    blocks_in,
    make_embargoed,
    make_paper,
    make_ready,
    make_review,
    write,
)
from hiwar.accounts.models import User
from hiwar.papers.actions import versions
from hiwar.papers.actions.embargo import lend_to_press
from hiwar.papers.actions.outside import send_for_review
from hiwar.papers.models import Block, Paper, PaperFile
from hiwar.papers.tasks import make_file


def _director() -> User:
    return User.objects.filter(roles__code="director").earliest("pk")


def _paper() -> Paper:
    return Paper.objects.filter(code="example").first() or make_paper(_director(), code="example")


def paper() -> dict[str, object]:
    return {"code": _paper().code}


def block() -> dict[str, object]:
    return {"key": blocks_in(_paper())[1].pk}


def recommendation() -> dict[str, object]:
    return {"key": Block.objects.get(paper=_paper(), kind="recommendation").pk}


def conflict() -> dict[str, object]:
    subject = blocks_in(_paper())[1]
    write(_paper(), subject, {"ar": "قال 41 منهم"})
    saved = write(_paper(), subject, {"ar": "قال 42 منهم"}, 1)
    return {"key": saved.conflicts[0].pk}


def review() -> dict[str, object]:
    return {"key": make_review(_paper(), _director()).pk}


def published() -> dict[str, object]:
    subject = Paper.objects.filter(code="published").first()
    if subject is None:
        subject = make_ready(make_paper(_director(), code="published"))
        versions.freeze_paper(actor=_director(), paper=subject, now=NOW)
        versions.publish_paper(actor=_director(), paper=subject, now=NOW)
    return {"code": "published"}


def version() -> dict[str, object]:
    return published() | {"number": 1}


def made_file() -> dict[str, object]:
    where = version()
    for row in PaperFile.objects.filter(version__paper__code="published", form="docx"):
        make_file.func(str(row.pk))
    return where | {"form": "docx"}


def file() -> dict[str, object]:
    made_file()
    return {"key": PaperFile.objects.filter(file__isnull=False).earliest("pk").pk}


def embargoed() -> dict[str, object]:
    if not Paper.objects.filter(code="embargoed").exists():
        make_embargoed(_director(), code="embargoed")
    return {"code": "embargoed"}


def lent() -> dict[str, object]:
    embargoed()
    return {"token": lend_to_press(
        actor=_director(), paper=Paper.objects.get(code="embargoed"), name="A reader", outlet="",
        email="", language="en", now=timezone.now(),
    )[1]}  # fmt: skip


def sent() -> dict[str, object]:
    return {"token": send_for_review(
        actor=_director(), paper=_paper(), outsider="A reader", email="", language="en",
        due_on=date(2099, 1, 1), now=timezone.now(),
    )[1]}  # fmt: skip


EXAMPLES = {
    "public_papers:review": sent,
    "papers:embargo": embargoed,
    "public_papers:press": lent,
    "papers:file": file,
    "public_papers:file": made_file,
    "public_papers:paper": published,
    "public_papers:version": version,
    "public_papers:text": version,
    **{
        f"papers:{name}": paper
        for name in ("paper", "edit", "languages", "citations", "pick", "reviews", "ready")
    },
    "papers:sign_off": paper,
    "papers:interests": paper,
    "papers:history": block,
    "papers:recommendation": recommendation,
    "papers:conflict": conflict,
    "papers:review": review,
}
