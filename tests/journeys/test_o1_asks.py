"""O1 steps 13 to 16 through the screens: three asks, a letter, a link, a promise, "met in part"."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.contacts import PostFactory
from factories.dossiers import DossierFactory
from factories.legislation import make_law, make_version
from factories.papers import make_paper, make_ready, write
from hiwar.asks.models import Addressee, Ask, Commitment, Delivery, Dispute, Letter, Outcome
from hiwar.asks.queries.standing import standing_of
from hiwar.legislation.actions.laws import publish_version
from hiwar.papers.actions.blocks import add_block
from hiwar.papers.models import Block

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hiwar.accounts.models import User
    from hiwar.contacts.models import Post
    from hiwar.dossiers.models import Dossier

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive("journeys")]
FIRST = "نظام التدريب المدفوع\nمادة (1)\nيجوز أن يتقاضى المتدرب بدلاً.\n"
SECOND = (
    "نظام التدريب المدفوع\nمادة (1)\nيتقاضى المتدرب الذي يتجاوز تدريبه ثلاثين يوماً بدلاً لا يقل "
    "عن نصف الحد الأدنى للأجور.\n"
)
OFFICIAL = "م. رولا العلي"


@pytest.fixture
def desks(roles: None) -> dict[str, tuple[User, Client]]:
    """Return Nadim, Salma and Basel, each with a browser in English."""
    InstitutionFactory.create()
    people: dict[str, tuple[User, Client]] = {}
    for name, role in (("nadim", "programme_manager"), ("salma", "director"),
                       ("basel", "researcher")):  # fmt: skip
        user, client = UserFactory.create(roles=[role]), Client(HTTP_ACCEPT_LANGUAGE="en")
        sign_in_fully(client, user)
        people[name] = user, client
    return people


def send(client: Client, name: str, *arguments: object, **values: object) -> HttpResponse:
    """Send a form of the desk; it has to be taken."""
    page = client.post(reverse(f"asks:{name}", args=arguments), values)
    form = page.context["form"] if page.context and "form" in page.context else None
    assert page.status_code == 302, form.errors if form is not None else page.status_code
    return page  # type: ignore[return-value]


def recommend(basel: User, dossier: Dossier) -> list[Block]:
    """Write a paper of four recommendations."""
    paper = make_ready(make_paper(basel, dossier=dossier))
    blocks = [Block.objects.get(paper=paper, kind="recommendation")]
    for number in (2, 3, 4):
        block = add_block(
            actor=basel, paper=paper, after=blocks[-1], kind="recommendation", now=timezone.now()
        )
        write(paper, block, {"ar": f"توصية {number}", "en": f"Recommendation {number}"})
        block.refresh_from_db()
        blocks.append(block)
    return blocks


def ask_for(
    desks: dict[str, tuple[User, Client]], dossier: Dossier, post: Post, blocks: list[Block],
    words: str,
) -> Addressee:  # fmt: skip
    """Write an ask with a point on each recommendation, put it to a post, approve and send it."""
    nadim, salma = desks["nadim"][1], desks["salma"][1]
    send(nadim, "new", dossier.code, text_ar=words, text_en=f"{words} en", short_ar=words[:50])
    ask = Ask.objects.latest("created_at", "number")
    for block in blocks:
        send(
            nadim, "add_point", ask.pk, act_ar=f"العمل بما في {block.texts['ar']}",
            target=f"recommendation:{block.recommendation.pk}",
        )  # fmt: skip
    send(nadim, "add_addressee", ask.pk, post=post.pk,
         answer_due=timezone.localdate() + timedelta(10))  # fmt: skip
    send(salma, "approve", ask.pk)
    addressee = Addressee.objects.get(ask=ask)
    proposed = nadim.get(reverse("asks:draft_letter", args=[addressee.pk])).context["form"].initial
    send(nadim, "draft_letter", addressee.pk, **{
        f"{part}_{code}": text for part in ("subject", "body") for code, text in
        proposed[part].items()
    })  # fmt: skip
    return addressee


def issue(desks: dict[str, tuple[User, Client]], addressee: Addressee) -> str:
    """Issue the letter of an addressee, carried by hand; return the address of its link."""
    letter = Letter.objects.get(letter_addressees__addressee=addressee)
    page = desks["salma"][1].post(
        reverse("asks:letter", args=[letter.pk]), {"way": "hand", "language": "ar"}
    )
    link = re.search(r'id="link"[^>]*value="https?://[^/"]+([^"]+)"', page.content.decode())
    assert link is not None
    delivery = Delivery.objects.get(letter=letter)
    send(desks["nadim"][1], "receipt", delivery.pk, received_on=timezone.localdate(),
         received_by="ديوان الوزارة")  # fmt: skip
    return link[1]


def answer(path: str, verdicts: dict[str, str], **more: Any) -> None:
    """Answer by the link, without an account: filled in, shown back, sent."""
    visitor = Client(HTTP_ACCEPT_LANGUAGE="en")
    assert visitor.get(path).status_code == 200
    filled = {
        **{f"verdict-{key}": value for key, value in verdicts.items()}, "giver_name": OFFICIAL,
        "giver_function": "مستشارة", "capacity": "holder", "may_publish": "on", **more,
    }  # fmt: skip
    assert visitor.post(path, filled).context["confirming"]
    assert visitor.post(path, {**filled, "confirm": "yes"}).status_code == 302


def confirm(desks: dict[str, tuple[User, Client]], addressee: Addressee) -> None:
    send(desks["nadim"][1], "confirm_answer", addressee.answers.get().pk, confirmed_as="call")


def promise(
    desks: dict[str, tuple[User, Client]],
    addressee: Addressee,
    number: int,
    words: str,
    **days: Any,
) -> Commitment:
    """Record what a post promised in its answer."""
    point = addressee.ask.points.order_by("number")[number - 1]
    send(
        desks["nadim"][1], "record_commitment", addressee.ask_id, point=point.pk,
        addressee=addressee.pk, words_ar=words, due_precision="day",
        origin=f"answer:{addressee.answers.get().pk}", **days,
    )  # fmt: skip
    return Commitment.objects.get(point=point)


def state(client: Client, addressee: Addressee) -> str:
    """Return the words of where an ask stands, as the screen shows them."""
    page = client.get(reverse("asks:ask", args=[addressee.ask_id]))
    label = str(page.context["standing"].label)
    assert label in page.content.decode()
    return label


def dispute_and_decide(
    desks: dict[str, tuple[User, Client]], page: str, noted: str, outcome: Outcome
) -> None:
    """Dispute an outcome by the link of its post; who was not involved decides, and all read it."""
    everybody = Client(HTTP_ACCEPT_LANGUAGE="en")
    filled = {"verdict": str(outcome.pk), "words": "البدل واجب للجميع", "by_whom": OFFICIAL}
    assert everybody.post(noted, filled).context["confirming"]
    assert everybody.post(noted, {**filled, "confirm": "yes"}).status_code == 302
    shown = everybody.get(page).content.decode()
    assert "has disputed this since" in shown
    for hidden in (OFFICIAL, "البدل واجب للجميع"):
        assert hidden not in shown
    dispute = Dispute.objects.get()
    assert desks["salma"][1].get(reverse("asks:dispute", args=[dispute.pk])).context["form"] is None
    send(
        desks["basel"][1],
        "dispute",
        dispute.pk,
        state="stands",
        reason="النص لمن يتجاوز ثلاثين يوماً فقط",
    )
    shown = everybody.get(page).content.decode()
    for words in ("البدل واجب للجميع", "النص لمن يتجاوز ثلاثين يوماً فقط", "what we noted stands"):
        assert words in shown
    assert OFFICIAL not in shown


def check_clock(
    desks: dict[str, tuple[User, Client]], to_bureau: Addressee, to_learning: Addressee, path: str
) -> None:
    """The bureau is silent; the ministry of learning promised, and nothing reached us."""
    desk, today = desks["nadim"][1], timezone.localdate()
    Addressee.objects.filter(pk=to_bureau.pk).update(answer_due=today - timedelta(1))
    assert state(desk, to_bureau) == "no answer, and the day has passed"
    (only,) = to_learning.ask.points.all()
    answer(path, {str(only.pk): "accepted"})
    confirm(desks, to_learning)
    promise(
        desks, to_learning, 1, "إرشاد في كل مدرسة", made_on=today - timedelta(20),
        due_on=today - timedelta(1),
    )  # fmt: skip
    assert state(desk, to_learning) == "promised, and the day has passed"
    home = desk.get(reverse("accounts:morning")).content.decode()
    for addressee in (to_bureau, to_learning):
        assert reverse("asks:ask", args=[addressee.ask_id]) in home  # Nadim is told


def test_three_asks_go_their_way_to_met_in_part_late_and_no_information(
    desks: dict[str, tuple[User, Client]],
) -> None:
    (nadim, desk), (_salma, director), (basel, _third) = desks.values()
    dossier = DossierFactory.create(owner=nadim, visibility="public")
    first, second, third_one, fourth = recommend(basel, dossier)
    work, bureau, learning = PostFactory.create_batch(3)
    asked = [
        ask_for(desks, dossier, post, blocks, words)
        for post, blocks, words in (
            (work, [second, fourth], "نظام للتدريب المدفوع ومكتب للتوظيف"),
            (bureau, [first], "إعلان مواعيد المسابقات"),
            (learning, [third_one], "إرشاد مهني في كل مدرسة"),
        )
    ]  # fmt: skip
    assert Ask.objects.filter(state="approved").count() == 3
    paths = [issue(desks, addressee) for addressee in asked]
    to_work, to_bureau, to_learning = asked
    assert [state(desk, addressee) for addressee in asked] == ["no answer yet"] * 3

    # The ministry of work accepts in part with a day, and promises a rule by it.
    today = timezone.localdate()
    two, four = to_work.ask.points.order_by("number")
    answer(
        paths[0], {str(two.pk): "accepted", str(four.pk): "part"}, words="نوافق جزئياً",
        until=today + timedelta(60),
    )  # fmt: skip
    confirm(desks, to_work)
    assert state(desk, to_work) == "accepted"
    rule = promise(
        desks, to_work, 2, "نظام لبدل التدريب", made_on=today, due_on=today + timedelta(60)
    )
    assert standing_of(nadim, to_work.ask, today + timedelta(61)).state == "promise_late"
    assert (
        reverse("asks:commitment", args=[rule.pk])
        in desk.get(reverse("asks:commitments")).content.decode()
    )

    # The regulation changes; what became of R4 is shown by its new text and two people say so.
    law = make_law(nadim)
    law.dossier, law.visibility = dossier, "public"
    law.save()
    make_version(law, FIRST)
    changed = make_version(law, SECOND)
    for version in law.versions.all():
        publish_version(actor=nadim, version=version, now=timezone.now())
    send(
        desk, "record_outcome", to_work.pk, four.pk, result="weaker", on=today,
        note="البدل واجب لمن يتجاوز تدريبه ثلاثين يوماً", version=changed.pk, commitment=rule.pk,
    )  # fmt: skip
    outcome = Outcome.objects.get()
    assert state(desk, to_work) == "promised"
    waiting = desk.get(reverse("accounts:morning")).content.decode()
    assert reverse("asks:outcome", args=[outcome.pk]) in waiting
    send(director, "verify_outcome", outcome.pk)
    assert state(desk, to_work) == "met in part"
    tracker = desk.get(reverse("asks:commitment", args=[rule.pk])).content.decode()
    for words in (four.act["ar"], "نوافق جزئياً", "نظام لبدل التدريب", outcome.note):
        assert words in tracker  # asked, answered, promised, changed: side by side

    check_clock(desks, to_bureau, to_learning, paths[2])

    # Everybody reads it; the ministry disputes by its link, and somebody uninvolved decides.
    send(director, "show", to_work.ask_id, is_public="yes")
    send(director, "show_commitment", rule.pk, is_public="yes")
    page = reverse("public_asks:ask", args=["en", to_work.ask_id.hex])
    everybody = Client(HTTP_ACCEPT_LANGUAGE="en")
    shown = everybody.get(page).content.decode()
    for words in (four.act["ar"], "نوافق جزئياً", "نظام لبدل التدريب", outcome.note, str(changed)):
        assert words in shown
    assert OFFICIAL not in shown
    dispute_and_decide(desks, page, f"{paths[0]}noted/", outcome)
    assert state(desk, to_work) == "met in part"

    # From R4 the way leads to what became of it.
    walk = reverse("public_trace:walk", args=["en", "point", four.pk.hex])
    assert outcome.note in everybody.get(walk).content.decode()
