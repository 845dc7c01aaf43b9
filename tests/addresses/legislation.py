"""Examples of addresses of laws."""

from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

from django.db.models import Count
from django.utils import timezone
from PIL import Image

from factories.legislation import (
    FIRST,
    NOW,
    SECOND,
    make_consultation,
    make_instrument,
    make_law,
    make_version,
)
from hiwar.accounts.models import User
from hiwar.analysis.laws import LawFile
from hiwar.common.files.types import PDF, TEXT
from hiwar.common.files.uploads import SentFile
from hiwar.dossiers.models import Dossier
from hiwar.legislation.actions.amendments import (
    AmendmentFacts,
    adopt_amendment,
    propose_amendment,
    write_equity_note,
)
from hiwar.legislation.actions.comment_files import add_comment_file
from hiwar.legislation.actions.consultations import Said, enter_comment, take_comment
from hiwar.legislation.actions.drafts import bring_law_file
from hiwar.legislation.actions.laws import publish_version
from hiwar.legislation.actions.memoranda import (
    MemorandumFacts,
    fix_memorandum,
    write_memorandum,
)
from hiwar.legislation.models import Amendment, Comment, Consultation


def _director() -> User:
    return User.objects.filter(roles__code="director").earliest("pk")


def law() -> dict[str, object]:
    subject = make_law(_director())
    make_version(subject)
    version = make_version(subject, SECOND)
    return {"key": subject.pk, "number": version.pk}


def stage_of_a_procedure() -> dict[str, object]:
    return {"code": "public-consultation", "stage": "comments"}


def draft(sent: SentFile | None = None, kind: str = "text") -> dict[str, object]:
    # Whoever walks has every role, and sees their own drafts alone.
    walker = User.objects.annotate(many=Count("roles")).order_by("-many", "pk")[0]
    subject = make_law(walker)
    (text,) = bring_law_file(
        actor=walker, law=subject, sent=sent or SentFile("draft.txt", FIRST.encode(), TEXT),
        file=LawFile(kind, FIRST), language="ar", now=NOW,
    )  # fmt: skip
    return {"key": subject.pk, "draft": text.pk}


def page_of_a_draft() -> dict[str, object]:
    content = BytesIO()
    Image.new("L", (120, 160), 255).save(content, format="PDF")
    return draft(SentFile("draft.pdf", content.getvalue(), PDF), "pdf") | {"page": 1}


def instrument() -> dict[str, object]:
    version = make_version(make_law(_director()))
    text = "مادة (1)\nتلغى المادة (2) من القانون الأصلي.\n"
    subject = make_instrument(version, text)
    return {
        "key": version.law_id, "number": version.pk, "instrument": subject.pk, "position": 20,
    }  # fmt: skip


def dossier() -> dict[str, object]:
    return {"code": Dossier.objects.earliest("code").code}


def published() -> dict[str, object]:
    subject = make_law(_director())
    for text in (FIRST, SECOND):
        publish_version(actor=_director(), version=make_version(subject, text), now=NOW)
    return {"key": subject.pk, "name": "2-ar", "kind": "csv", "slug": "14-bis"}


def consultation() -> dict[str, object]:
    version = make_version(make_law(_director()))
    subject = make_consultation(version, opens=timezone.localdate())
    said = Said("نص", "ar", "citizen", channel="paper", received_on=date(2027, 5, 1))
    comment = enter_comment(actor=_director(), consultation=subject, said=said, now=NOW)
    return {"key": subject.pk, "number": comment.number}


def comment_file() -> dict[str, object]:
    at = consultation()
    comment = Comment.objects.get(consultation=at["key"])
    sent = SentFile("study.txt", b"A study.", "text/plain")
    row = add_comment_file(actor=_director(), comment=comment, sent=sent, now=NOW)
    return at | {"file": row.pk}


def files_of_a_consultation() -> dict[str, object]:
    return {"kind": "legislation.comments", "subject": consultation()["key"]}


def open_to_everybody() -> dict[str, object]:
    at = consultation()
    law = Consultation.objects.get(pk=at["key"]).law
    return {"key": law.pk, "consultation": at["key"]}


def version_to_consult() -> dict[str, object]:
    version = make_version(make_law(_director()))
    publish_version(actor=_director(), version=version, now=NOW)
    return {"key": version.law_id, "number": version.pk}


def amendment() -> dict[str, object]:
    version = make_version(make_law(_director()))
    publish_version(actor=_director(), version=version, now=NOW)
    facts = AmendmentFacts(
        "substitution", "art_2", {"ar": "شمول النساء"}, {"ar": "تسري على كل منشأة."}, {}, {},
        lenses=["women"],
    )  # fmt: skip
    proposal = propose_amendment(actor=_director(), version=version, facts=facts, now=NOW)
    return {"key": version.law_id, "number": proposal.number}


def workbench() -> dict[str, object]:
    proposal = Amendment.objects.get(law=amendment()["key"])
    return {"key": proposal.law_id, "number": proposal.version_id}


def memorandum() -> dict[str, object]:
    proposal = Amendment.objects.get(law=amendment()["key"])
    write_equity_note(
        actor=_director(), amendment=proposal, lens="women", text="يشملهن.", now=NOW
    )  # fmt: skip
    adopt_amendment(actor=_director(), amendment=proposal, now=NOW)
    facts = MemorandumFacts({"ar": "مذكرة", "en": "Memorandum"}, {"ar": "الديوان"}, {"ar": "نص"})
    letter = write_memorandum(
        actor=_director(), version=proposal.version, facts=facts, now=NOW
    )  # fmt: skip
    fix_memorandum(actor=_director(), memorandum=letter, sign_by=None, now=NOW)
    return {"key": letter.law_id, "memo": letter.pk, "position": 1, "name": "ar.docx"}


def own_comment() -> dict[str, object]:
    subject = Consultation.objects.get(pk=consultation()["key"])
    now = subject.opens_at + timedelta(hours=1)
    said = Said("نص آخر", "ar", "citizen")
    _comment, token = take_comment(consultation=subject, said=said, key=uuid4(), now=now)
    return {"token": token}


EXAMPLES = {
    "legislation:instrument": instrument, "legislation:instruments": instrument,
    "legislation:bring_instrument": instrument, "legislation:order": instrument,
    "legislation:on_day": instrument,
    "accounts:import_files_of": files_of_a_consultation,
    "legislation:consultation": consultation, "legislation:comment": consultation,
    "legislation:add_comment_file": comment_file, "legislation:comment_file": comment_file,
    "legislation:erase_comment_file": comment_file,
    "legislation:enter_comment": consultation, "legislation:move_end": consultation,
    "legislation:new_consultation": version_to_consult,
    "public_laws:consultation": open_to_everybody, "public_laws:own_comment": own_comment,
    "legislation:amendments": workbench, "legislation:new_amendment": workbench,
    "legislation:consolidated": workbench, "legislation:publish_amendments": workbench,
    "legislation:amendment": amendment, "legislation:change_amendment": amendment,
    "legislation:step_amendment": amendment,
    "legislation:memorandum": memorandum, "legislation:memorandum_file": memorandum,
    "legislation:fix_memorandum": memorandum, "legislation:send_memorandum": memorandum,
    "legislation:new_memorandum": workbench,
    "legislation:arrival": law, "legislation:answer": law, "legislation:summary": law,
    "legislation:procedure": stage_of_a_procedure,
    "legislation:add_stage": stage_of_a_procedure, "legislation:stage": stage_of_a_procedure,
    "legislation:arrange_stage": stage_of_a_procedure,
    "legislation:draft_picture": page_of_a_draft,
    "legislation:bring_file": law, "legislation:draft": draft, "legislation:save_draft": draft,
    "legislation:discard_draft": draft, "legislation:draft_file": draft,
    "legislation:terms": law, "legislation:follow": law, "legislation:seen": law,
    "legislation:law": law, "legislation:version": law, "legislation:step": law,
    "legislation:add_version": law, "legislation:new": dossier,
    "public_laws:law": published, "public_laws:feed": published, "public_laws:compare": published,
    "public_laws:text": published, "public_laws:file": published, "public_laws:article": published,
}  # fmt: skip
