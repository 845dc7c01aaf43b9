"""Examples of addresses of forums: one that is approved and for everybody, with its stages."""

from factories.forums import make_approved, make_forum
from hiwar.accounts.models import User
from hiwar.forums.models import Forum


def forum() -> dict[str, object]:
    subject = Forum.objects.filter(code="example").first()
    if subject is None:
        director = User.objects.filter(roles__code="director").earliest("pk")
        subject = make_approved(make_forum(director, code="example", visibility="public"), director)
    return {"code": subject.code}


def stage() -> dict[str, object]:
    return {"key": Forum.objects.get(code=forum()["code"]).stages.earliest("position").pk}


EXAMPLES = {
    "public_forums:forum": forum,
    "papers:of_forum": forum,
    "asks:of_forum": forum,
    "forums:edit_stage": stage,
    **{f"forums:{name}": forum for name in ("forum", "edit", "results", "restart", "add_stage")},
}
