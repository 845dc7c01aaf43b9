"""Examples of addresses of asks."""

from django.db import transaction
from django.utils import timezone

from factories.asks import (
    AddresseeFactory,
    AnswerFactory,
    AnswerLinkFactory,
    AskFactory,
    AskPointFactory,
    ClockFactory,
    InformationRequestFactory,
    MeetingEntryFactory,
    PostContactFactory,
    PowerEntryFactory,
    RegisterKindFactory,
    TalkingLineFactory,
)
from hiwar.accounts.models import User
from hiwar.asks.actions.answer_links import FILE, make_answer_link
from hiwar.asks.actions.positions import make_position_link
from hiwar.asks.actions.post_letters import draft_letter
from hiwar.asks.models import (
    Addressee,
    Answer,
    AnswerFile,
    Ask,
    Commitment,
    Delivery,
    Dispute,
    Influence,
    Outcome,
    Position,
    StateChange,
)
from hiwar.common.files.actions import stage_file, store_file


def draft_ask() -> dict[str, object]:
    approved = Ask.objects.earliest("pk")
    draft = Ask.objects.filter(dossier=approved.dossier, number=99).first()
    draft = draft or AskFactory.create(dossier=approved.dossier, number=99, state="drafted")
    return {"key": draft.pk}


def link_of_an_organisation() -> dict[str, str]:
    position = Position.objects.earliest("pk")
    _, token = make_position_link(
        actor=User.objects.filter(roles__code="director").earliest("pk"),
        dossier=position.ask.dossier, organisation=position.organisation, now=timezone.now(),
    )  # fmt: skip
    return {"token": token}


def position() -> dict[str, object]:
    return {"key": Position.objects.filter(retracted_at=None).earliest("pk").pk}


def point() -> dict[str, object]:
    ask = Ask.objects.get(pk=draft_ask()["key"])
    return {"key": (ask.points.first() or AskPointFactory.create(ask=ask)).pk}


def addressee() -> dict[str, object]:
    ask = Ask.objects.filter(state="approved").earliest("pk")
    return {"key": AddresseeFactory.create(ask=ask).pk}


def answer_by_link() -> dict[str, object]:
    link = AnswerLinkFactory.create(addressee_id=addressee()["key"])
    return {"key": AnswerFactory.create(addressee=link.addressee, way="link", link=link).pk}


def link_of_a_post() -> dict[str, str]:
    link = AnswerLinkFactory.create(addressee_id=addressee()["key"])
    _, token = make_answer_link(
        actor=User.objects.filter(roles__code="director").earliest("pk"),
        addressee=link.addressee, now=timezone.now(),
    )  # fmt: skip
    return {"token": token}


def letter() -> dict[str, object]:
    put = Addressee.objects.select_related("ask").get(pk=addressee()["key"])
    written = draft_letter(
        actor=User.objects.filter(roles__code="director").earliest("pk"), addressee=put,
        subject={"ar": "طلب"}, body={"ar": "نطلب"}, now=timezone.now(),
    )  # fmt: skip
    return {"key": written.pk}


def letter_in_a_language() -> dict[str, object]:
    return {**letter(), "language": "ar"}


def delivery() -> dict[str, object]:
    return {
        "key": Delivery.objects.create(
            letter_id=letter()["key"], way="hand", handed_on=timezone.localdate(),
            recorded_by=User.objects.earliest("pk"),
        ).pk
    }  # fmt: skip


def file_of_an_answer() -> dict[str, object]:
    file = stage_file(kind=FILE, name="a.pdf", content=b"%PDF-1.7", now=timezone.now())
    with transaction.atomic():
        store_file(actor=None, file=file, now=timezone.now())
    answer = Answer.objects.get(pk=answer_by_link()["key"])
    return {"key": AnswerFile.objects.create(answer=answer, file=file).pk}


def commitment() -> dict[str, object]:
    answer = Answer.objects.get(pk=answer_by_link()["key"])
    ask = answer.addressee.ask
    point = ask.points.first() or AskPointFactory.create(ask=ask)
    return {
        "key": Commitment.objects.create(
            point=point, post=answer.addressee.post, words={"ar": "نظام"}, answer=answer,
            made_on=timezone.localdate(), recorded_at=timezone.now(),
            recorded_by=User.objects.earliest("pk"),
        ).pk
    }  # fmt: skip


def change() -> dict[str, object]:
    return {
        "key": StateChange.objects.create(
            commitment_id=commitment()["key"], before="made", after="unkept",
            day=timezone.localdate(), recorded_at=timezone.now(),
            recorded_by=User.objects.earliest("pk"),
        ).pk
    }  # fmt: skip


def point_at_a_post() -> dict[str, object]:
    put = Addressee.objects.get(pk=addressee()["key"])
    asked = put.ask.points.filter(amendment=None).first() or AskPointFactory.create(
        ask=put.ask, number=put.ask.points.count() + 1
    )
    return {"key": put.pk, "point": asked.pk}


def outcome() -> dict[str, object]:
    at = point_at_a_post()
    return {
        "key": Outcome.objects.create(
            addressee_id=at["key"], point_id=at["point"], result="same", note="نُشر",
            on=timezone.localdate(), recorded_at=timezone.now(),
            recorded_by=User.objects.earliest("pk"), link="https://gazette.example/2027/12",
        ).pk
    }  # fmt: skip


def dispute() -> dict[str, object]:
    disputed = Outcome.objects.select_related("addressee").get(pk=outcome()["key"])
    return {
        "key": Dispute.objects.create(
            outcome=disputed, post=disputed.addressee.post, words="نُفّذ", source="كتاب 12",
            made_on=timezone.localdate(), reply_due=timezone.localdate(),
            recorded_at=timezone.now(), recorded_by=User.objects.earliest("pk"),
        ).pk
    }  # fmt: skip


def public_ask() -> dict[str, object]:
    outcome()
    ask = Ask.objects.filter(state="approved").earliest("pk")
    Ask.objects.filter(pk=ask.pk).update(visibility="public")
    return {"key": ask.pk.hex}


def line_of_a_plan() -> dict[str, object]:
    ask = Ask.objects.filter(state="approved").earliest("pk")
    return {"key": TalkingLineFactory.create(dossier=ask.dossier).pk}


def power_entry() -> dict[str, object]:
    ask = Ask.objects.filter(state="approved").earliest("pk")
    return {"key": PowerEntryFactory.create(dossier=ask.dossier).pk}


def influence() -> dict[str, object]:
    ask = Ask.objects.filter(state="approved").earliest("pk")
    source, target = (PowerEntryFactory.create(dossier=ask.dossier) for _ in range(2))
    return {
        "key": Influence.objects.create(
            source=source, target=target, how="زميل", recorded_by=source.recorded_by,
            recorded_at=timezone.now(),
        ).pk
    }  # fmt: skip


def information_request() -> dict[str, object]:
    ask = Ask.objects.filter(state="approved").earliest("pk")
    return {"key": InformationRequestFactory.create(dossier=ask.dossier).pk}


def clock() -> dict[str, object]:
    return {"key": ClockFactory.create().pk}


def contact_to_tell() -> dict[str, object]:
    RegisterKindFactory.create()
    return {"key": PostContactFactory.create().pk}


def register_entry() -> dict[str, object]:
    return {"key": MeetingEntryFactory.create().pk}


def prepared_entry() -> dict[str, object]:
    return {"key": MeetingEntryFactory.create(published_at=None, published_by=None).pk}


def shown_entry() -> dict[str, object]:
    return {"language": "ar", "key": MeetingEntryFactory.create().pk.hex}


def open_register() -> dict[str, object]:
    RegisterKindFactory.create()
    return {"language": "ar"}


EXAMPLES = {
    "public_asks:register": open_register,
    "public_asks:meeting": shown_entry,
    "asks:register_new": contact_to_tell,
    "asks:register_entry": register_entry,
    "asks:register_edit": prepared_entry,
    "asks:register_correct": register_entry,
    "asks:register_tell": prepared_entry,
    "asks:register_publish": prepared_entry,
    "asks:register_withdraw": register_entry,
    "asks:register_discard": prepared_entry,
    "asks:request": information_request,
    "asks:add_step": information_request,
    "asks:show_request": information_request,
    "asks:edit_clock": clock,
    "asks:edit_power": power_entry,
    "asks:remove_power": power_entry,
    "asks:remove_influence": influence,
    "asks:edit_line": line_of_a_plan,
    "asks:remove_line": line_of_a_plan,
    "asks:dispute_outcome": outcome,
    "asks:dispute_change": change,
    "asks:dispute_commitment": commitment,
    "asks:dispute": dispute,
    "asks:show": draft_ask,
    "asks:show_commitment": commitment,
    "public_asks:noted": link_of_a_post,
    "public_asks:ask": public_ask,
    "asks:record_outcome": point_at_a_post,
    "asks:outcome": outcome,
    "asks:outcome_reply": outcome,
    "asks:verify_outcome": outcome,
    "asks:commitment": commitment,
    "asks:add_proof": commitment,
    "asks:settle": commitment,
    "asks:reply": change,
    "asks:verify": change,
    "asks:draft_letter": addressee,
    "asks:letter": letter,
    "asks:letter_file": letter_in_a_language,
    "asks:receipt": delivery,
    "asks:answer_file": file_of_an_answer,
    "public_asks:answer": link_of_a_post,
    "asks:remove_point": point,
    "asks:take_addressee_state": addressee,
    "asks:record_answer": addressee,
    "asks:remove_addressee": addressee,
    "asks:confirm_answer": answer_by_link,
    "asks:add_point": draft_ask,
    "asks:add_addressee": draft_ask,
    "asks:approve": draft_ask,
    "asks:edit": draft_ask,
    "asks:retract": position,
    "public_asks:own": link_of_an_organisation,
}
