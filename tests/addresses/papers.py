"""Examples of addresses of papers: the demonstration has none yet."""

from factories.papers import blocks_in, make_paper, make_review, write
from hiwar.accounts.models import User
from hiwar.papers.models import Block, Paper


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


EXAMPLES = {
    **{
        f"papers:{name}": paper
        for name in ("paper", "edit", "languages", "citations", "pick", "reviews", "ready")
    },
    "papers:history": block,
    "papers:recommendation": recommendation,
    "papers:conflict": conflict,
    "papers:review": review,
}
