"""Papers as documents that organisations sign: what is told of them, and who signed in public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from hiwar.accounts.queries import WIDE
from hiwar.papers import rules
from hiwar.papers.models import Paper, PaperVersion
from hiwar.papers.queries.vocabularies import kind_name
from hiwar.signatures.queries.signatories import NOBODY, Signatories, signatories_in_public
from hiwar.signatures.rules import Document, DocumentKind

if TYPE_CHECKING:
    from hiwar.accounts.rules import Somebody
    from hiwar.signatures.models import Signing, SigningVersion

CODE = "papers.paper"
TONES = {"review": "info", "frozen": "notice", "embargoed": "notice", "published": "success",
         "corrected": "success", "withdrawn": "danger"}  # fmt: skip


def tabs_of_paper(paper: Paper) -> tuple[tuple[str, str], ...]:
    """Return label and address of each page of a paper at the desk."""
    named = (
        ("paper", _("Text")), ("languages", _("Languages")), ("citations", _("Evidence")),
        ("reviews", _("Reviews")), ("interests", pgettext("tab of a paper", "Interests")),
        ("ready", _("Ready?")),
        ("sign_off", pgettext("tab of a paper", "Sign-off")),
    )  # fmt: skip
    return tuple((label, reverse(f"papers:{name}", args=[paper.code])) for name, label in named)


def latest_version(paper: Paper) -> PaperVersion | None:
    """Return the newest frozen text of a paper, with what of it is signed."""
    versions = paper.versions.select_related("signed_version__signing")
    return versions.order_by("-number").first()


def rounds_of(paper: Paper) -> list[PaperVersion]:
    """Return the versions that were opened for signature, the newest first."""
    versions = paper.versions.filter(signed_version__isnull=False)
    return list(versions.select_related("signed_version").order_by("-number"))


def signed_in_public(version: PaperVersion) -> Signatories:
    """Return who signed a version as everybody may read it: once it is published with its list."""
    signed = version.signed_version
    if signed is None or not signed.is_final or version.published_at is None:
        return NOBODY
    return signatories_in_public(signed)


def _paper_of(signing: Signing) -> Paper | None:
    return Paper.objects.select_related("dossier", "owner").filter(signing=signing).first()


def _describe(signing: Signing) -> Document | None:
    paper = _paper_of(signing)
    if paper is None:
        return None
    version = latest_version(paper)
    is_public = paper.versions.filter(published_at__isnull=False).exists()
    places = [paper] if paper.dossier is None else [paper, paper.dossier]
    return Document(
        title=paper.title, kind=kind_name(paper.kind),
        url=reverse("papers:paper", args=[paper.code]),
        path=((pgettext("written by the institution", "Papers"), reverse("papers:list")),),
        tabs=tuple((label, url) for label, url in tabs_of_paper(paper)),
        badge=str(paper.get_state_display()), tone=TONES.get(paper.state, ""),
        number=version.number if version else 1,
        is_open_to_staff=is_public and all(record.visibility in WIDE for record in places),
    )  # fmt: skip


def _may_read(user: Somebody, signing: Signing) -> bool:
    paper = _paper_of(signing)
    return paper is not None and rules.can_see_paper(user, paper)


def _may_collect(user: Somebody, signing: Signing) -> bool:
    paper = _paper_of(signing)
    return paper is not None and rules.can_publish_paper(user, paper)


def _public_url(version: SigningVersion) -> str:
    signed = PaperVersion.objects.filter(
        signed_version=version, published_at__isnull=False, withdrawn_at=None
    ).select_related("paper").first()  # fmt: skip
    if signed is None:
        return ""
    where = [get_language(), signed.paper.code, signed.number]
    return reverse("public_papers:version", args=where)


KIND = DocumentKind(CODE, _describe, _may_read, _may_collect, _public_url)
