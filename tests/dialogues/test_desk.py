"""The facilitator's desk: from nothing to an open dialogue, and who may do what."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.dialogues import DialogueFactory, ParticipantFactory, StatementFactory, VoteFactory
from factories.places import furnished_calendar
from hiwar.common.models import AuditEntry
from hiwar.dialogues.actions import dialogues as actions
from hiwar.dialogues.actions import people
from hiwar.dialogues.desk.urls import desk
from hiwar.dialogues.models import Dialogue, JoinCode, Participant, Round, Target
from hiwar.dialogues.queries.dialogues import LEAST_PEOPLE

pytestmark = pytest.mark.django_db

PLAN = {
    "starts_on": "2027-02-12",
    "ends_on": "2027-02-26",
    "who_decides_ar": "مجلس الإدارة",
    "decision_on": "2027-04-01",
    "on_the_table_ar": "ورقة سياسات",
    "publication_tier": "A",
}
NEW = {"template": "policy_forum", "title_ar": "عمل الشباب", "question_ar": "كيف نخلق فرص عمل؟"}
DECISION = {
    "who_decides": {"ar": "المجلس", "en": "The council"},
    "decision_on": date(2027, 4, 1),
    "on_the_table": {"ar": "الخطة", "en": "The plan"},
}


@pytest.fixture
def desk_of(roles):
    """Return a function that gives a client signed in with some roles, in a language."""
    InstitutionFactory.create()

    def enter(*codes, language="en"):
        client = Client()
        sign_in_fully(client, UserFactory.create(roles=list(codes)))
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client

    return enter


@pytest.fixture
def draft(roles, now):
    actor = UserFactory.create(roles=["facilitator"])
    return actions.create_dialogue(
        actor=actor, template="town_hall", title={"ar": "لقاء", "en": "Meeting"},
        question={"ar": "ماذا أولاً؟", "en": "What first?"}, now=now,
    )  # fmt: skip


def page(client, name, *args, **query):
    return client.get(reverse(f"dialogues:{name}", args=args), query)


def text(response):
    return response.content.decode()


def test_first_time_facilitator_opens_a_dialogue_in_seven_decisions_in_arabic(desk_of):
    calendar = furnished_calendar()
    client = desk_of("facilitator", language="ar")
    asked = text(page(client, "new"))
    assert '<html lang="ar" dir="rtl"' in asked
    response = client.post(reverse("dialogues:new"), NEW)
    dialogue = Dialogue.objects.get()
    assert response.url == reverse("dialogues:plan", args=[dialogue.code])
    asked += text(client.get(response.url))
    numbered = set(re.findall(r">\s*([1-9])\. ", asked))
    assert numbered == {"1", "2", "3", "4", "5", "6", "7"}
    response = client.post(response.url, PLAN)
    look = client.get(response.url)
    assert {one.code for one in look.context["warnings"]} == {"fasting", "weekend"}
    assert all(one.proposal for one in look.context["warnings"])
    response = client.post(response.url)
    assert response.url == reverse("dialogues:invite", args=[dialogue.code])
    dialogue.refresh_from_db()
    assert (dialogue.state, dialogue.calendar, dialogue.publication_tier) == ("open", calendar, "A")
    first = dialogue.rounds.get(number=1)
    assert (first.state, first.kind) == ("planned", "collect")
    assert actions.keep_days(now=datetime(2027, 2, 12, tzinfo=UTC)) == [first]
    assert {str(one.who_decides) for one in dialogue.rounds.all()} == {"مجلس الإدارة"}
    assert dialogue.code in text(client.get(response.url))


def test_form_says_what_is_missing_and_keeps_what_was_written(desk_of):
    client = desk_of("facilitator")
    response = client.post(reverse("dialogues:new"), {**NEW, "question_ar": ""})
    assert "question" in response.context["form"].errors
    assert NEW["title_ar"] in text(response)
    assert not Dialogue.objects.exists()


def test_opening_without_a_decision_is_refused_in_words(desk_of, draft):
    client = desk_of("facilitator")
    response = client.post(reverse("dialogues:open", args=[draft.code]), follow=True)
    assert str(actions.RoundNotReady.message) in text(response)
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_second_round_waits_for_the_first_to_close(desk_of, draft, now):
    client = desk_of("facilitator")
    actor = UserFactory.create(roles=["facilitator"])
    first, second = draft.rounds.order_by("number")
    actions.set_decision(actor=actor, round=first, now=now, **DECISION)
    client.post(reverse("dialogues:open", args=[draft.code]))
    address = reverse("dialogues:open_round", args=[draft.code, 2])
    assert str(actions.AnotherRoundOpen.message) in text(client.post(address, follow=True))
    client.post(reverse("dialogues:close_round", args=[draft.code, 1]))
    client.post(address)
    second.refresh_from_db()
    assert second.state == Round.State.OPEN


def test_backward_days_are_refused(desk_of, draft):
    client = desk_of("facilitator")
    address = reverse("dialogues:edit_round", args=[draft.code, 1])
    response = client.post(address, {**PLAN, "ends_on": "2027-02-01", "decision_on": "2027-01-01"})
    assert set(response.context["form"].errors) == {"ends_on", "decision_on"}
    assert draft.rounds.get(number=1).starts_on is None


def test_promises_cannot_change_after_the_opening(desk_of, draft):
    client = desk_of("facilitator")
    Dialogue.objects.update(state="open")
    said = {"title_ar": "x", "question_ar": "y", "moderation": "open", "risk": "ordinary",
            "publication_tier": "C", "accepts_open_link": "on"}  # fmt: skip
    client.post(reverse("dialogues:settings", args=[draft.code]), said)
    draft.refresh_from_db()
    assert (draft.publication_tier, draft.moderation) == ("A", "open")


def test_high_risk_publishes_counts_only(desk_of, draft):
    client = desk_of("facilitator")
    said = {"title_ar": "x", "question_ar": "y", "moderation": "hold_first", "risk": "high",
            "publication_tier": "C"}  # fmt: skip
    response = client.post(reverse("dialogues:settings", args=[draft.code]), said)
    assert str(actions.CountsOnly.message) in text(response)


def test_closing_tells_first_who_is_missing(desk_of):
    dialogue = DialogueFactory.create()
    Target.objects.create(
        dialogue=dialogue, attribute="sex", values=["female"], share="0.5", label={"en": "Women"}
    )
    ParticipantFactory.create_batch(6, dialogue=dialogue, sex="male")
    client = desk_of("facilitator")
    response = page(client, "close", dialogue.code)
    assert [str(one.label) for one in response.context["behind"]] == ["Women"]
    client.post(reverse("dialogues:close", args=[dialogue.code]))
    dialogue.refresh_from_db()
    assert (dialogue.state, dialogue.contact_secret) == ("closed", "")


def test_small_numbers_are_hidden_on_the_coverage_page(desk_of):
    dialogue = DialogueFactory.create(asks_about=["sector"])
    ParticipantFactory.create_batch(2, dialogue=dialogue, sectors=["media"])
    ParticipantFactory.create_batch(7, dialogue=dialogue, sectors=["student"])
    response = page(desk_of("researcher"), "coverage", dialogue.code)
    shown = dict(response.context["spreads"])["Sectors"]
    assert {one.code: one.people for one in shown.categories} == {"student": 7, "media": None}
    assert "hidden" in text(response)


def test_targets_are_set_and_removed(desk_of, draft):
    client = desk_of("facilitator")
    address = reverse("dialogues:coverage", args=[draft.code])
    response = client.post(address, {"group": "sector-student", "wanted": "30"})
    assert response.status_code == 302, response.context["form"].errors
    target = draft.targets.get(attribute="sector")
    assert (float(target.share), target.values) == (0.3, ["student"])
    assert "wanted" in client.post(
        address, {"group": "women", "wanted": "101"}
    ).context["form"].errors  # fmt: skip
    client.post(reverse("dialogues:remove_target", args=[draft.code, target.pk]))
    assert not draft.targets.filter(attribute="sector").exists()


def test_codes_are_shown_once_and_can_be_revoked(desk_of, now):
    dialogue = DialogueFactory.create()
    client = desk_of("facilitator")
    address = reverse("dialogues:invite", args=[dialogue.code])
    said = {"label": "Camp office", "size": "12", "trust": "2"}
    sheet = client.post(address, said)
    codes = sheet.context["codes"]
    assert len(codes) == len(set(codes)) == JoinCode.objects.count() == 12
    assert codes[0] in text(sheet)
    assert codes[0] not in text(client.get(address))
    person = people.join_dialogue(dialogue=dialogue, now=now, code=codes[0])
    assert person.trust == Participant.Trust.PRINTED_CODE
    batch = dialogue.code_batches.get()
    client.post(reverse("dialogues:revoke", args=[dialogue.code, batch.pk]))
    with pytest.raises(people.CodeUnknown):
        people.join_dialogue(dialogue=dialogue, now=now, code=codes[1])


def test_poster_has_the_question_in_both_languages_and_the_short_address(desk_of, draft):
    shown = text(page(desk_of("media"), "poster", draft.code))
    assert "ماذا أولاً؟" in shown
    assert "What first?" in shown
    assert f"/j/{draft.code}" in shown


# address: who may open it, of those tried
RUN = {"facilitator", "programme_manager", "director"}
SEE = RUN | {"field_coordinator", "researcher", "media"}
ALLOWED = {
    "list": SEE, "dialogue": SEE, "statements": SEE, "statement": SEE, "coverage": SEE,
    "invite": SEE, "poster": SEE, "log": SEE,
    "new": RUN, "plan": RUN, "settings": RUN, "open": RUN, "close": RUN, "edit_round": RUN,
    "open_round": RUN, "close_round": RUN, "add_statement": RUN, "revoke": RUN,
    "remove_target": RUN, "review": RUN, "objections": RUN, "answer": RUN,
    "review_statement": RUN, "decide": RUN, "unmerge": RUN,
}  # fmt: skip


@pytest.mark.parametrize(
    "role", ["facilitator", "field_coordinator", "researcher", "media", "admin", None]
)
def test_desk_opens_to_the_roles_that_may(desk_of, role):
    dialogue = DialogueFactory.create()
    StatementFactory.create(dialogue=dialogue, number=1)
    client = desk_of(*([role] if role else []))
    ours = [pattern for pattern in desk if pattern.name in ALLOWED]
    assert {pattern.name for pattern in ours} == set(ALLOWED)
    before = AuditEntry.objects.count()
    for pattern in ours:
        names = re.findall(r"<str:(\w+)>", str(pattern.pattern))
        values = {"code": dialogue.code, "number": "1", "key": "0" * 32}
        address = reverse(f"dialogues:{pattern.name}", args=[values[name] for name in names])
        is_allowed = role in ALLOWED[pattern.name]
        assert (client.get(address).status_code != 403) == is_allowed or (
            client.get(address).status_code == 405
        ), address
        if not is_allowed:
            answer = client.post(address, {"decision": "accept"})
            assert answer.status_code == 403, address
    if role not in RUN:
        assert AuditEntry.objects.count() == before


def test_reader_cannot_make_codes_or_targets_by_hand(desk_of):
    dialogue = DialogueFactory.create()
    client = desk_of("field_coordinator")
    codes = reverse("dialogues:invite", args=[dialogue.code])
    client.post(codes, {"label": "x", "size": "3", "trust": "2"})
    targets = reverse("dialogues:coverage", args=[dialogue.code])
    client.post(targets, {"group": "women", "wanted": "50"})
    assert not JoinCode.objects.exists()
    assert not dialogue.targets.exists()


@pytest.mark.parametrize("address", ["nothing", "x" * 60, "../x"])
def test_unknown_dialogue_is_not_found(desk_of, address):
    client = desk_of("director")
    assert client.get(f"/desk/dialogues/{address}/").status_code == 404


@pytest.mark.parametrize("number", ["0", "x", "-1", "9" * 30, "١"])
def test_unknown_statement_is_not_found(desk_of, number):
    dialogue = DialogueFactory.create()
    client = desk_of("director")
    address = reverse("dialogues:statement", args=[dialogue.code, number])
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_of_a_dialogue_speaks_both_languages(desk_of, language, draft):
    StatementFactory.create(dialogue=draft, number=1)
    client = desk_of("facilitator", language=language)
    direction = {"ar": "rtl", "en": "ltr"}[language]
    shown = {"ar": "ماذا أولاً؟", "en": "What first?"}[language]
    for name in ("dialogue", "plan", "open", "statements", "coverage", "invite", "review", "log"):
        response = page(client, name, draft.code)
        assert f'<html lang="{language}" dir="{direction}"' in text(response), name
    assert shown in text(page(client, "dialogue", draft.code))
    assert shown in text(page(client, "list"))


def test_list_is_searched_whatever_the_spelling_filtered_and_empty(desk_of):
    client = desk_of("researcher")
    assert "No dialogue yet" in text(page(client, "list"))
    DialogueFactory.create(title={"ar": "الانتخابات المحلية", "en": "Local elections"})
    DialogueFactory.create(title={"ar": "إيقاع المدينة"}, state="closed")
    found = page(client, "list", q="ايقاع المدينه").context["rows"]
    assert [str(row.dialogue.title) for row, _tone in found] == ["إيقاع المدينة"]
    assert len(page(client, "list", state="open").context["rows"]) == 1
    assert "No dialogue matches" in text(page(client, "list", q="zebra"))
    _label, links = page(client, "list", q="a&state=closed").context["filters"][0]
    assert links[0]["url"] == "?state=&q=a%26state%3Dclosed"


def crowd(dialogue, people_count):
    statement = StatementFactory.create(dialogue=dialogue, state="held", source="participant")
    for one in ParticipantFactory.create_batch(people_count, dialogue=dialogue):
        other = StatementFactory.create(dialogue=dialogue)
        VoteFactory.create(participant=one, statement=other)
    return statement


def queries_of(client, name, *args):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        assert page(client, name, *args).status_code == 200
    return len(asked)


def test_pages_ask_as_often_for_many_as_for_few(desk_of):
    client = desk_of("facilitator")
    dialogue = DialogueFactory.create()
    crowd(dialogue, 1)
    names = ["dialogue", "statements", "coverage", "log", "invite"]
    few = {name: queries_of(client, name, dialogue.code) for name in names}
    few["list"] = queries_of(client, "list")
    for _more in range(8):
        crowd(DialogueFactory.create(), 1)
    crowd(dialogue, 12)
    many = {name: queries_of(client, name, dialogue.code) for name in names}
    many["list"] = queries_of(client, "list")
    assert many == few
    assert few["list"] <= 16


def test_plan_is_for_drafts_only(desk_of, draft):
    client = desk_of("facilitator")
    Dialogue.objects.update(state="open")
    here = reverse("dialogues:dialogue", args=[draft.code])
    assert client.post(reverse("dialogues:plan", args=[draft.code]), PLAN).url == here
    assert draft.rounds.get(number=1).decision_on is None


def test_menu_marks_the_room_one_is_in(desk_of, draft):
    shown = text(page(desk_of("facilitator"), "coverage", draft.code))
    assert shown.count('href="/desk/dialogues/" aria-current="page"') == 2


def test_morning_page_says_what_waits(desk_of):
    dialogue = DialogueFactory.create()
    crowd(dialogue, 0)
    crowd(dialogue, 0)
    address = reverse("dialogues:review", args=[dialogue.code])
    assert "2 statements to review" in text(desk_of("facilitator").get("/desk/"))
    assert address in text(desk_of("facilitator").get("/desk/"))
    assert address not in text(desk_of("researcher").get("/desk/"))


def wall_of(client, dialogue, statement=None, name="now"):
    address = reverse(f"wall:{name}", args=["ar", dialogue.code])
    return client.get(address, {"statement": statement.number} if statement else {})


def test_wall_shows_no_answers_before_twenty_people_have_voted(client):
    from django.core.cache import cache

    dialogue = DialogueFactory.create()
    statement = StatementFactory.create(dialogue=dialogue)
    voters = ParticipantFactory.create_batch(LEAST_PEOPLE, dialogue=dialogue)
    for one in voters[:-1]:
        VoteFactory.create(participant=one, statement=statement, choice=-1)
    told = wall_of(client, dialogue, statement).json()
    assert (told["participants"], told["disagree"]) == (None, None)
    VoteFactory.create(participant=voters[-1], statement=statement, choice=1)
    cache.clear()
    told = wall_of(client, dialogue, statement).json()
    assert (told["participants"], told["votes"]) == (20, 20)
    assert (told["agree"], told["disagree"], told["pass"]) == (5, 95, 0)
    shown = text(wall_of(client, dialogue, statement, name="page"))
    assert "ماذا أولاً؟" in shown
    assert "What first?" in shown
    assert dialogue.code in shown


def test_wall_counts_once_for_a_whole_room(client, django_assert_num_queries):
    dialogue = DialogueFactory.create()
    wall_of(client, dialogue)
    with django_assert_num_queries(0):
        for _phone in range(50):
            assert wall_of(client, dialogue).status_code == 200


def test_wall_of_a_draft_is_not_there(client, draft):
    assert wall_of(client, draft).status_code == 404
    assert wall_of(client, draft, name="page").status_code == 404


def test_the_author_of_a_statement_is_blocked_and_let_in_again(desk_of, draft):
    client = desk_of("facilitator")
    author = ParticipantFactory.create(dialogue=draft)
    written = StatementFactory.create(dialogue=draft, author=author, source="participant")
    own = StatementFactory.create(dialogue=draft)
    address = reverse("dialogues:block_author", args=[draft.code, written.number])
    assert 'class="button button-danger"' in text(client.get(address))
    author.refresh_from_db()
    assert not author.is_blocked
    client.post(address)
    author.refresh_from_db()
    assert author.is_blocked
    listed = page(client, "statements", draft.code, state="blocked")
    assert [row.number for row in listed.context["page"]] == [written.number]
    assert "takes part no more" in text(page(client, "statement", draft.code, written.number))
    client.post(address, {"allow": "1"})
    author.refresh_from_db()
    assert not author.is_blocked
    assert page(client, "block_author", draft.code, own.number).status_code == 404
