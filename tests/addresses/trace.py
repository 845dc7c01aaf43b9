"""Examples of addresses of the trace: a published paper, and a law with a published proposal."""

from addresses.legislation import amendment
from addresses.papers import published
from factories.legislation import NOW
from hiwar.accounts.models import User
from hiwar.dossiers.models import Dossier
from hiwar.legislation.actions.amendments import (
    adopt_amendment,
    publish_amendments,
    write_equity_note,
)
from hiwar.legislation.models import Amendment
from hiwar.papers.models import Paper, Recommendation


def dossier() -> dict[str, object]:
    return {"code": Dossier.objects.filter(is_demo=True).earliest("code").code}


def public_dossier() -> dict[str, object]:
    subject = Dossier.objects.filter(is_demo=True).latest("code")
    subject.visibility = "public"
    subject.save()
    return {"code": subject.code}


def paper() -> dict[str, object]:
    published()
    return {"code": Paper.objects.get(code="published").code}


def recommendation() -> dict[str, object]:
    published()
    subject = Recommendation.objects.filter(block__paper__code="published").earliest("pk")
    return {"kind": "recommendation", "code": subject.pk.hex}


def article() -> dict[str, object]:
    director = User.objects.filter(roles__code="director").earliest("pk")
    proposal = Amendment.objects.get(law=amendment()["key"])
    write_equity_note(
        actor=director, amendment=proposal, lens="women", text="يشملهن.", now=NOW
    )  # fmt: skip
    adopt_amendment(actor=director, amendment=proposal, now=NOW)
    publish_amendments(
        actor=director, law=proposal.law, amendments=[proposal], is_shown=True, now=NOW
    )
    return {"code": f"{proposal.law_id}.2"}


EXAMPLES = {
    "public_trace:dossier": public_dossier,
    "public_trace:paper": paper,
    "public_trace:dossier_files": public_dossier,
    "public_trace:paper_files": paper,
    "trace:dossier_files": dossier,
    "trace:paper_files": paper,
    "public_trace:walk": recommendation,
    "public_trace:article": article,
    "trace:dossier": dossier,
    "trace:paper": paper,
    "trace:walk": recommendation,
    "trace:article": article,
}
