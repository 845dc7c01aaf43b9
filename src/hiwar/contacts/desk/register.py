"""Records of one person, and people taken out as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common import jobs
from hiwar.common.desk.lists import Listing
from hiwar.common.desk.pages import attempt, key_or_404, paged, part_or_404
from hiwar.common.tables import file_response
from hiwar.common.templatetags.components import number
from hiwar.contacts import forms, rules
from hiwar.contacts.actions import imports, merges
from hiwar.contacts.desk.pages import narrowed_by, page, register_list
from hiwar.contacts.exports.tables import as_csv, as_xlsx
from hiwar.contacts.exports.vcards import FOUR, THREE, vcards
from hiwar.contacts.models import Merge
from hiwar.contacts.queries import people_for, points_for, posts_of
from hiwar.contacts.queries.log import with_person
from hiwar.contacts.queries.people import people_asked_for, posts_for
from hiwar.contacts.queries.register import open_pairs
from hiwar.contacts.queries.vcards import cards
from hiwar.contacts.queries.vocabularies import label

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.contacts.models import Person

# What speaks for or against two records being one person.
REASONS = {
    "same-name": lazy("the same name"),
    "similar-name": lazy("similar names"),
    "other-name": lazy("other names"),
    "same-phone": lazy("the same telephone"),
    "other-phone": lazy("other telephones"),
    "shared-phone": lazy("a telephone that several people have"),
    "same-email": lazy("the same e-mail address"),
    "other-email": lazy("other e-mail addresses"),
    "same-birth-year": lazy("the same year of birth"),
    "close-birth-year": lazy("years of birth one apart"),
    "other-birth-year": lazy("other years of birth"),
    "same-place": lazy("the same place"),
    "other-place": lazy("other places"),
    "same-organisation": lazy("the same organisation"),
    "other-organisation": lazy("other organisations"),
    "same-sex": lazy("the same sex"),
    "other-sex": lazy("another sex"),
}
COMPARED = (
    ("sex", lazy("Sex")),
    ("birth_year", lazy("Year of birth")),
    ("place", lazy("Place")),
    ("language", lazy("Language of letters")),
    ("sector", lazy("Sector")),
    ("code", lazy("Code")),
)
# Attributes kept as a code of the register, by the list that names it.
TERMS = {"language": "languages", "sector": "sectors"}


@needs(rules.can_merge_person)
def duplicates(request: HttpRequest) -> HttpResponse:
    """List the pairs to decide; let new ones be looked for on wish."""
    if request.method == "POST":
        attempt(
            request,
            lambda: merges.ask_to_compare(actor=me(request), now=timezone.now()),
            _("The comparison has begun."),
        )
        return redirect("contacts:duplicates")
    pairs = open_pairs(me(request))
    shown = paged(request, pairs)
    listing = Listing(
        title=_("Same person?"),
        url=reverse("contacts:duplicates"),
        everything=_("All pairs"),
        no_match=_("No pair is waiting"),
        none_yet=_("No pair is waiting"),
        why=_("Compare everybody after new people came in."),
    )
    rows = [(candidate, _reasons(candidate.reasons)[:3]) for candidate in shown["page"]]
    return register_list(
        request, "duplicates", listing, tab="duplicates", page=shown, rows=rows,
        comparison=jobs.state_of(merges.comparison_key(me(request))),
    )  # fmt: skip


def _told(person: Person, name: str) -> str:
    """Return an attribute in words."""
    value = getattr(person, name) or ""
    if name == "sex":
        return person.get_sex_display() if value else ""
    return label(TERMS[name], value) if name in TERMS else str(value)


@needs(rules.can_merge_person)
def pair(request: HttpRequest, key: str) -> HttpResponse:
    """Show two records side by side, and take the decision."""
    user = me(request)
    duplicate_pair = part_or_404(open_pairs(user), key)
    if request.method == "POST":
        return _decide(request, duplicate_pair)
    sides = [_side(request, person) for person in (duplicate_pair.first, duplicate_pair.second)]
    rows = [
        (name, title, _told(duplicate_pair.first, name), _told(duplicate_pair.second, name))
        for name, title in COMPARED
    ]
    return page(
        request,
        "pair",
        pair=duplicate_pair,
        sides=sides,
        reasons=_reasons(duplicate_pair.reasons),
        rows=[row for row in rows if row[2] or row[3]],
        left=open_pairs(user).count(),
    )


def _decide(request: HttpRequest, subject: Any) -> HttpResponse:
    user, now = me(request), timezone.now()
    decision = request.POST.get("decision", "")
    if decision == "apart":
        attempt(
            request,
            lambda: merges.keep_apart(actor=user, pair=subject, now=now),
            _("They stay two people. You are not asked about them again."),
        )
    elif decision in {"first", "second"}:
        both = (subject.first, subject.second)
        kept, other = both if decision == "first" else reversed(both)
        choices = {
            name: "other"
            for name, _label in COMPARED
            if request.POST.get(name) in {"first", "second"} and request.POST.get(name) != decision
        }
        done = attempt(
            request,
            lambda: merges.merge_people(
                actor=user,
                kept=kept,
                other=other,
                choices=choices,
                reason=request.POST.get("reason", ""),
                now=now,
            ),
            _("The two records are one now. The merge can be undone on the page of the person."),
        )
        if done and not open_pairs(user).exists():
            return redirect("contacts:person", kept.pk)
    following = open_pairs(user).first()
    if following is None or following.pk == subject.pk:
        return redirect("contacts:duplicates")
    return redirect("contacts:pair", following.pk)


def _side(request: HttpRequest, person: Person) -> dict[str, Any]:
    user = me(request)
    seen = set(posts_for(user).values_list("pk", flat=True))
    return {
        "person": person,
        "names": person.names.order_by("kind", "language", "text", "pk"),
        "points": points_for(user).filter(person=person),
        "posts": [holding for holding in posts_of(person) if holding.post_id in seen],
        "contacts": with_person(user, person).count(),
    }


def _reasons(reasons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            **reason,
            "label": REASONS.get(reason["code"], reason["code"]),
            "speaks_for": reason["bits"] > 0,
        }
        for reason in reasons
    ]


@require_POST
@needs(rules.can_merge_person)
def undo_merge(request: HttpRequest, key: str) -> HttpResponse:
    seen = people_for(me(request))
    merge = get_object_or_404(Merge.objects.filter(kept__in=seen), pk=key_or_404(key))
    attempt(
        request,
        lambda: merges.undo_merge(actor=me(request), merge=merge, now=timezone.now()),
        _("The merge was undone. Both records are as they were."),
    )
    return redirect("contacts:person", merge.kept_id)


@needs(rules.can_export_contact)
def export(request: HttpRequest) -> HttpResponse:
    """Take people out as a file, with a reason that stands in the log."""
    user = me(request)
    people = people_asked_for(user, *narrowed_by(request))
    form = forms.ExportForm(request.POST or None, user=user)
    if not rules.can_see_private_point(user):
        del form.fields["with_private"]
    if form.is_valid():
        return file_of_people(request, form.cleaned_data, people)
    count = people.count()
    text = ngettext("%(n)s person leaves the house.", "%(n)s people leave the house.", count)
    return page(
        request,
        "form",
        form=form,
        title=_("Take out as a file"),
        lead=text % {"n": number(count)},
        back=reverse("contacts:people"),
        verb=_("Take out"),
    )


def file_of_people(request: HttpRequest, values: dict[str, Any], people: Any) -> HttpResponse:
    """Write people as a file of the kind that was asked for, and say so in the log."""
    user, kind = me(request), values["kind"]
    listed = list(
        cards(user, people, timezone.localdate(), with_private=bool(values.get("with_private")))
    )
    imports.record_export(
        actor=user, kind=kind, count=len(listed), reason=values["reason"], now=timezone.now()
    )
    if kind == "xlsx":
        content: bytes = as_xlsx(listed)
    elif kind == "csv":
        content = as_csv(listed)
    else:
        content = vcards(listed, version=THREE if kind == "vcf3" else FOUR).encode()
    return file_response(content, f"contacts-{timezone.localdate():%Y-%m-%d}.{kind.rstrip('34')}")
