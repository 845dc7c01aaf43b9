"""A parliamentary delegation of five days, through the screens, with the numbers promised."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from calendars import read_calendar
from factories import imports
from factories.accounts import InstitutionFactory, sign_in_fully
from factories.places import furnished_calendar
from factories.visits import delegation_file, make_hosts, make_staff, surroundings
from hiwar.common.models import PrivateLink
from hiwar.contacts.models import Organisation, Person, Post, PostHolding
from hiwar.visits.actions import packs
from hiwar.visits.actions.demo import load_surroundings
from hiwar.visits.models import ShareLink, ThemeTag, Visit, VisitItem

if TYPE_CHECKING:
    from pathlib import Path

    from hiwar.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive("journeys")]

HEBRON = ZoneInfo("Asia/Hebron")
NEW = {
    "template": "delegation", "title_en": "Visit of Velmark", "title_ar": "زيارة فِلمارك",
    "sender_en": "National Assembly of Velmark", "starts_on": "2027-03-24",
    "ends_on": "2027-03-28", "zone": "Asia/Hebron", "home_zone": "Europe/Stockholm",
}  # fmt: skip
MEETING = {
    "kind": "meeting", "form": "in_person", "status": "requested", "title_en": "Added",
    "where_en": "Ramallah", "day": "2027-03-26", "starts": "12:00", "ends": "13:00",
}  # fmt: skip


class Desk:
    """Somebody at the desk at a time."""

    def __init__(self, user: User, clock: list[datetime]) -> None:
        self.user, self.clock, self.client = user, clock, Client()
        self.code = ""

    def _enter(self) -> None:
        sign_in_fully(self.client, self.user)
        session = self.client.session
        session["seen"] = session["confirmed"] = self.clock[0].timestamp()
        session.save()
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    def get(self, name: str, *args: str, **query: str) -> str:
        self._enter()
        code = [self.code] if self.code and name not in {"list", "figures"} else []
        response = self.client.get(reverse(f"visits:{name}", args=[*code, *args]), query)
        assert response.status_code == 200, (name, response.status_code)
        return re.sub(r"\s+", " ", response.content.decode())

    def post(self, name: str, *args: str, **fields: object) -> str:
        self._enter()
        code = [self.code] if self.code else []
        response = self.client.post(
            reverse(f"visits:{name}", args=[*code, *args]), fields, follow=True
        )
        assert response.status_code == 200, (name, response.status_code)
        return re.sub(r"\s+", " ", response.content.decode())

    def load(self, text: str) -> str:
        """Bring a delegation file in at the desk of files; return what was shown of it before."""
        self._enter()
        visit, file = Visit.objects.get(code=self.code), ("delegation.json", text.encode())
        _answer, run = imports.send(self.client, "visits.spreadsheet", visit.pk, delegation=file)
        assert run is not None
        imports.work(self.clock[0])
        shown = self.client.get(imports.at("import_run", run)).content.decode()
        assert not VisitItem.objects.exists(), "nothing is written before it is confirmed"
        self.client.post(imports.at("confirm_import", run))
        imports.work(self.clock[0])
        run.refresh_from_db()
        assert run.state == run.State.DONE
        return re.sub(r"\s+", " ", shown)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Return the time that doors read, as a list whose one entry is changed."""
    from django.utils import timezone

    told = [datetime(2027, 3, 1, 9, tzinfo=HEBRON)]
    monkeypatch.setattr(timezone, "now", lambda: told[0])
    return told


@pytest.fixture
def staff(roles: None) -> dict[str, User]:
    InstitutionFactory.create()
    make_hosts()
    furnished_calendar()
    load_surroundings(around=surroundings())
    return make_staff()


@pytest.fixture
def lina(staff: dict[str, User], clock: list[datetime]) -> Desk:
    """Return Lina with the visit created from the template and the file loaded."""
    desk = Desk(staff["IR"], clock)
    desk.post("new", **NEW)
    desk.code = Visit.objects.get().code
    assert "No problem was found" in desk.load(json.dumps(delegation_file()))
    assert "programme fixed" in desk.post("step", state="fixed")
    return desk


def item(desk: Desk, number: int) -> VisitItem:
    return VisitItem.objects.select_related("event").get(event__code=f"{desk.code}-{number:02}")


def fields_of(desk: Desk) -> dict[str, object]:
    """Return the page of several changes as it stands."""
    fields: dict[str, object] = {"reason": "", "override_reason": ""}
    for one in VisitItem.objects.filter(visit__code=desk.code).select_related("event"):
        event, key = one.event, f"i{one.event.code.rpartition('-')[2]}"
        fields |= {
            f"{key}-day": event.starts_on.isoformat(), f"{key}-starts": f"{event.starts:%H:%M}",
            f"{key}-ends": f"{event.ends:%H:%M}", f"{key}-form": event.form,
        }  # fmt: skip
    return fields


@pytest.mark.shared_data
def test_file_of_the_shared_data_has_the_numbers_of_the_scenario(
    staff: dict[str, User], clock: list[datetime], shared_data: Path
) -> None:
    desk = Desk(staff["IR"], clock)
    desk.post("new", **NEW)
    desk.code = Visit.objects.get().code
    text = (shared_data / "demo/delegation-velmark.json").read_text("utf-8")
    desk.load(text)
    page = desk.get("visit")
    figures = dict(re.findall(r"<dt>([^<]+)</dt><dd><span class=\"stat-value number\">(\d+)", page))
    assert figures == {
        "Days": "5", "Travellers": "9", "Items": "14", "Meetings": "7", "Briefings": "3",
        "Discussions": "3", "Site visits": "1",
    }  # fmt: skip
    programme = desk.get("programme")
    assert re.findall(r'<span class="count number">(\d)</span></a>', programme) == list("43232")
    assert "restored" not in desk.post("edit_item", "07", **edited(desk, 7, starts="13:15"))
    assert "No travel time from Hebron" in desk.get("programme")


def edited(desk: Desk, number: int, **changes: object) -> dict[str, object]:
    one = item(desk, number)
    event = one.event
    return {
        "title_en": event.title["en"], "title_ar": event.title["ar"], "kind": event.kind,
        "day": event.starts_on.isoformat(), "starts": f"{event.starts:%H:%M}",
        "ends": f"{event.ends:%H:%M}", "form": event.form, "status": one.status,
        "where_en": event.where["en"], "where_ar": event.where.get("ar", ""),
        "venue": event.venue_id or "", "note": one.note,
        "organisations": [str(o.pk) for o in one.organisations.all()],
        "staff": [str(u.pk) for u in one.staff.all()], **changes,
    }  # fmt: skip


def test_conflicts_are_told_in_words_and_a_double_booking_asks_for_a_reason(
    lina: Desk, staff: dict[str, User]
) -> None:
    lina.post("edit_item", "07", **edited(lina, 7, starts="13:15"))
    assert "No travel time from Hebron: 15 minutes are left" in lina.get("programme")
    lina.post("add_item", **MEETING)
    assert "Friday prayer, from 11:30 to 13:30." in lina.get("programme")
    twice = MEETING | {"day": "2027-03-24", "starts": "09:30", "ends": "10:15",
                       "staff": [str(staff["ED"].pk)]}  # fmt: skip
    refused = lina.post("add_item", **twice)
    assert "Somebody would be in two places at once" in refused
    assert VisitItem.objects.count() == 15
    lina.post("add_item", **twice, override_reason="she opens both")
    assert VisitItem.objects.count() == 16
    assert "she opens both" in lina.get("programme")


def test_officer_who_leaves_within_thirty_days_is_flagged(lina: Desk) -> None:
    mission = Organisation.objects.get(code="MIS-01")
    made = {"created_at": datetime(2027, 1, 1, tzinfo=HEBRON)}
    post = Post.objects.create(organisation=mission, title={"en": "Political officer"}, **made)
    brek = Person.objects.create(shown_name={"en": "Tomas Brek"}, **made)
    PostHolding.objects.create(post=post, person=brek, ends_on=date(2027, 3, 31))
    page = lina.get("visit")
    assert "leaves within 30 days" in page
    assert "Tomas Brek" in page


def test_needs_are_met_without_names(lina: Desk) -> None:
    page = lina.get("travellers")
    assert "Dar al-Hajar Guest House (fictional) is not suitable: it is not step-free." in page
    assert "Step-free: Bustan Hall" in page
    caterer = page[page.index("For the caterer") : page.index("Step-free ways")]
    assert re.findall(r"<dt>(.*?)</dt> ?<dd[^>]*>(\d)", caterer) == [
        ("<bdi>no nuts</bdi>", "1"), ("<bdi>vegan</bdi>", "1"), ("<bdi>vegetarian</bdi>", "1"),
        ("no special diet", "6"),
    ]  # fmt: skip
    assert "Onsager" not in caterer


def test_change_on_the_day_reaches_link_calendar_and_paper(
    lina: Desk, clock: list[datetime]
) -> None:
    made = lina.post("make_link", traveller="1")
    programme, calendar = re.findall(r'href="http://[^/]+(/v/[^"]+)"', made)
    phone = Client()
    before = phone.get(f"{programme}state").json()
    lina.post("edit_item", "01", **edited(lina, 1, starts="09:10"))
    clock[0] = datetime(2027, 3, 25, 19, 5, tzinfo=HEBRON)
    fields = fields_of(lina) | {
        "i08-form": "online", "i09-day": "2027-03-27", "i09-starts": "18:00",
        "i09-ends": "19:15", "i09-form": "online", "reason": "Bethlehem road closed",
    }  # fmt: skip
    page = lina.post("change", **fields)
    assert "Version 3, Thursday, 25 March 2027, 19:05" in page
    assert "14 items · 1 moved · 2 changed in form" in page
    assert "Bethlehem road closed" in lina.get("visit")
    assert phone.get(f"{programme}state").json() != before
    shown = phone.get(programme, headers={"accept-language": "en"}).content.decode()
    assert "Version 3, Thursday, 25 March 2027, 19:05" in re.sub(r"\s+", " ", shown)
    assert "road closed" not in shown
    feed = phone.get(calendar).content
    events = {one.uid.value: one for one in read_calendar(feed).vevent_list}
    moved = events[f"{item(lina, 9).event.pk}@events.hiwar"]
    assert moved.dtstart.value.isoformat() == "2027-03-27T18:00:00+03:00"
    assert int(moved.sequence.value) >= 1
    assert len(events) == 14
    assert b"road closed" not in feed


def test_link_ends_by_date_and_when_it_is_withdrawn(lina: Desk, clock: list[datetime]) -> None:
    made = lina.post("make_link", traveller="1")
    programme, calendar = re.findall(r'href="http://[^/]+(/v/[^"]+)"', made)
    link = ShareLink.objects.get()
    assert link.private_link.ends_on == date(2027, 4, 11)
    assert programme.split("/")[2] not in str(PrivateLink.objects.values().get())
    phone = Client()
    for day, status in ((date(2027, 4, 11), 200), (date(2027, 4, 12), 410)):
        clock[0] = datetime.combine(day, datetime.min.time(), HEBRON) + timedelta(hours=12)
        for path in (programme, calendar, f"{programme}state"):
            assert phone.get(path).status_code == status, (day, path)
    clock[0] = datetime(2027, 3, 25, 9, tzinfo=HEBRON)
    lina.post("withdraw_link", str(link.pk))
    for path in (programme, calendar, f"{programme}state"):
        assert phone.get(path).status_code == 410
    assert phone.get(programme.replace("/v/", "/v/x")).status_code == 404


def test_from_the_failed_line_to_the_public_page(
    lina: Desk, staff: dict[str, User], clock: list[datetime]
) -> None:
    dima = Desk(staff["DF2"], clock)
    dima.code = lina.code
    page = dima.get("item", "11")
    assert page.index("Telephone bridge") < page.index("Written answers within two days")
    clock[0] = datetime(2027, 3, 28, 20, tzinfo=HEBRON)
    for text in ("First answer", "Second answer"):
        dima.post("note", "11", kind="answer", text=text, said_by="A. in Gaza",
                  at="2027-03-27T17:40")  # fmt: skip
    notes = list(item(lina, 11).notes.order_by("pk"))
    assert len(notes) == 2
    assert {one.at for one in notes} == {datetime(2027, 3, 27, 17, 40, tzinfo=HEBRON)}
    assert {one.recorded_at for one in notes} == {clock[0]}
    for number in range(1, 15):
        lina.post("note", f"{number:02}", kind="minutes", text="Said inside", said_by="The mayor")
        dima.post("people", f"{number:02}", female="6", male="5", other="")
    lina.post("step", state="under_way")
    lina.post("step", state="held")
    for text in (one["en"] for one in delegation_file()["follow_ups"]):
        lina.post("add_undertaking", text_en=text, owner=str(staff["IR"].pk), due_on="2027-04-27")
    made = lina.post("make_link", kind="feedback")
    forms = re.findall(r'href="http://[^/]+(/v/feedback/[^"]+)"', made)
    assert len(forms) == 9
    for at, path in enumerate(forms[:7]):
        assert Client().get(path).status_code == 200
        answer = Client().post(path, {"score": "5" if at % 2 else "4", "best": "The walk"})
        assert answer.status_code == 200
    assert (
        "Thank you"
        in Client()
        .post(forms[0], {"score": "1"}, headers={"accept-language": "en"})
        .content.decode()
    )
    page = lina.get("afterwards")
    assert "7 of 9" in page
    assert "77.8" in page
    assert "n = 7" in page
    assert "4.4" in page
    assert "27 April 2027" in page
    theme = ThemeTag.objects.get(code="self-determination")
    for number in ("02", "08", "11"):
        lina.post("themes", number, themes=[str(theme.pk)])
    figures = lina.get("figures", quarter="2027-1")
    assert "3 of 14 items (21.4%)" in figures
    clock[0] = datetime(2027, 4, 27, 9, tzinfo=HEBRON)
    lina._enter()
    assert "The report of the visit is due" in lina.client.get("/desk/").content.decode()
    refused(lina, staff)
    lina.post("publish", summary_en="They came to listen.")
    public = Client().get(f"/en/visits/{lina.code}/").content.decode()
    assert "right to self-determination" in public
    secrets = ("Zaytun", "+970", "+46", "Onsager", "Lund", "The mayor", "Said inside", "Hebron",
               "Municipality", "Host ")  # fmt: skip
    assert [one for one in secrets if one in public] == []
    feed = Client().get(f"/en/visits/{lina.code}/programme.ics").content.decode()
    assert [one for one in (*secrets[:7], "Host ") if one in feed] == []


def refused(lina: Desk, staff: dict[str, User]) -> None:
    """Copy the visit, refuse it entry, and look at the totals."""
    lina.post("copy")
    copy = Visit.objects.exclude(code=lina.code).get()
    again = Desk(staff["IR"], lina.clock)
    again.code = copy.code
    page = again.post("step", state="postponed", reason="refused_entry")
    assert "postponed" in page
    assert "refused entry" in page
    assert "4 bookings are to be cancelled." in page
    assert 'lang="ar"' in page
    assert "تأجلت الزيارة" in page
    assert "has been postponed" in page
    figures = lina.get("figures", quarter="2027-1")
    told = dict(re.findall(r"<dt>([^<]+)</dt><dd><span class=\"stat-value number\">(\d+)", figures))
    assert told == {"Delegations hosted": "1", "Postponed": "1", "Planned": "2",
                    "Undertakings": "3", "Kept within 90 days": "0"}  # fmt: skip
    kinds = dict(re.findall(r"<dt>(\w[\w ]*)</dt> ?<dd class=\"number\">(\w+)", figures))
    assert (kinds["meeting"], kinds["briefing"]) == ("7", "3")
    assert (kinds["Women"], kinds["Men"]) == ("84", "70")


def test_one_action_asks_for_six_files(lina: Desk) -> None:
    lina.post("ask_pack")
    lina.post("ask_pack")
    build = Visit.objects.get().packs.get()
    assert sorted(map(tuple, build.wanted)) == [
        ("member", "ar"), ("member", "en"), ("press", "ar"), ("press", "en"), ("staff", "ar"),
        ("staff", "en"),
    ]  # fmt: skip
    assert packs.missing_files(build) == [tuple(one) for one in build.wanted]
    assert "0 of 6 files" in lina.get("pack")
