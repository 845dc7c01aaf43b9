"""What stands against a plan, in words, with what would suit better: a pure reading of the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hiwar.visits.queries.plans import Plan, SeasonView, StopView, Way

STOP, WARNING, NOTICE = "danger", "notice", "info"
WEIGHTS = (STOP, WARNING, NOTICE)
PROPOSED = 3
BEFORE_MEAL, MEAL = timedelta(minutes=60), timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing that stands against a stop or a booking.

    Attributes
    ----------
    code : str
        What it is: overlap, gap, bad_day, no_way, closed, permit, pause, fasting, holiday,
        speaker, step_free, lodging, capacity, people, interpreter, no_fallback.
    key : str
        The stop's or the booking's key.
    weight : str
        danger, notice or info.
    """

    code: str
    key: str
    weight: str
    message: str
    proposal: str = ""


def conflicts(plan: Plan) -> list[Conflict]:
    """Return what stands against a plan in the order of its stops, the gravest first in each."""
    alive = [stop for stop in plan.stops if not stop.is_off]
    problems = [*_of_ways(plan, alive), *_of_lodgings(plan)]
    for stop in alive:
        problems += [*_of_calendar(plan, stop), *_of_venue(plan, stop), *_of_people(plan, stop)]
    problems += _of_speakers(alive)
    order = {stop.key: at for at, stop in enumerate(plan.stops)}
    last = len(order)
    return sorted(
        problems,
        key=lambda conflict: (
            order.get(conflict.key, last),
            WEIGHTS.index(conflict.weight),
            conflict.code,
        ),
    )


def _of_ways(plan: Plan, stops: Sequence[StopView]) -> Iterator[Conflict]:
    before: StopView | None = None
    stood: StopView | None = None
    for stop in stops:
        same_day = before is not None and before.starts.date() == stop.starts.date()
        if before is not None and same_day and stop.starts < before.ends:
            message = _("It begins before “%(title)s” ends at %(time)s.") % {
                "title": before.title, "time": f"{before.ends:%H:%M}",
            }  # fmt: skip
            yield Conflict("overlap", stop.key, STOP, message, _begin_at(before.ends))
        elif before is not None and same_day and not stop.is_online and stood is not None:
            yield from _of_gap(plan, stood, before, stop)
        if stop.way is not None and not stop.is_online:
            yield from _of_crossing(plan, stop, stop.way)
        before = stop
        if not stop.is_online:
            stood = stop


def _of_gap(plan: Plan, stood: StopView, before: StopView, stop: StopView) -> Iterator[Conflict]:
    if stood.starts.date() != stop.starts.date() or stood.town == stop.town or not stop.town:
        return
    gap = int((stop.starts - before.ends).total_seconds() // 60)
    words = {"town": stood.town_name, "gap": gap, "before": f"{before.ends:%H:%M}"}
    if stop.way is None:
        if gap < plan.buffer:
            message = (
                _(
                    "No travel time from %(town)s: it ends there at %(before)s, and %(gap)s minutes"
                    " are left."
                )
                % words
            )
            later = before.ends + timedelta(minutes=plan.buffer)
            yield Conflict("gap", stop.key, STOP, message, _begin_at(later))
        else:
            message = _("How long the way from %(town)s takes is not written down.") % words
            yield Conflict("no_way", stop.key, NOTICE, message, _("Add the way by hand."))
        return
    words |= {"typical": stop.way.typical, "bad": stop.way.bad}
    if gap < stop.way.typical:
        message = (
            _(
                "No travel time from %(town)s: %(gap)s minutes are left, and the way takes"
                " %(typical)s, on a bad day %(bad)s."
            )
            % words
        )
        later = before.ends + timedelta(minutes=stop.way.typical + stop.way.buffer)
        yield Conflict("gap", stop.key, STOP, message, _begin_at(later))
    elif gap < stop.way.bad:
        message = (
            _("On a bad day the way from %(town)s takes %(bad)s minutes, and %(gap)s are left.")
            % words
        )
        later = before.ends + timedelta(minutes=stop.way.bad)
        yield Conflict("bad_day", stop.key, WARNING, message, _begin_at(later))


def _begin_at(instant: datetime) -> str:
    minutes = -(-(instant.hour * 60 + instant.minute) // 5) * 5
    return _("Begin at %(time)s or later.") % {"time": f"{minutes // 60 % 24:02}:{minutes % 60:02}"}


def _of_crossing(plan: Plan, stop: StopView, way: Way) -> Iterator[Conflict]:
    leaves = stop.starts - timedelta(minutes=way.bad)
    if way.opens is not None and way.closes is not None:
        day = stop.starts.date()
        opens = datetime.combine(day, way.opens, stop.starts.tzinfo)
        closes = datetime.combine(day, way.closes, stop.starts.tzinfo)
        if leaves < opens or stop.starts > closes:
            message = _("%(crossing)s is open from %(opens)s to %(closes)s.") % {
                "crossing": way.crossing or _("The crossing"),
                "opens": f"{way.opens:%H:%M}",
                "closes": f"{way.closes:%H:%M}",
            }
            later = opens + timedelta(minutes=way.bad)
            yield Conflict("closed", stop.key, STOP, message, _begin_at(later))
    if way.permit:
        day = stop.starts.date()
        permitted = {
            name
            for kind, name, first, last in plan.party.permits
            if kind == way.permit and (not first or first <= day) and (not last or day <= last)
        }
        missing = [name for name in plan.party.names if name not in permitted]
        if missing:
            message = ngettext(
                "%(permit)s is missing for %(names)s.",
                "%(permit)s is missing for %(n)s travellers: %(names)s.",
                len(missing),
            ) % {"permit": way.permit, "names": _("; ").join(missing), "n": len(missing)}
            yield Conflict("permit", stop.key, STOP, message, _("Ask for it, or take another way."))


def _of_calendar(plan: Plan, stop: StopView) -> Iterator[Conflict]:
    for pause in plan.pauses:
        if (
            stop.starts.isoweekday() == pause.weekday
            and stop.starts.time() < pause.ends
            and stop.ends.time() > pause.starts
        ):
            words = {
                "pause": pause.name,
                "from": f"{pause.starts:%H:%M}",
                "until": f"{pause.ends:%H:%M}",
            }
            message = _("%(pause)s, from %(from)s to %(until)s.") % words
            proposal = _("End by %(from)s, or begin after %(until)s.") % words
            yield Conflict("pause", stop.key, WARNING, message, proposal)
    day = stop.starts.date()
    for season in plan.seasons:
        if not season.first <= day <= season.last:
            continue
        if season.kind == "holiday":
            place = _("at the delegation's home") if season.is_home else _("here")
            message = _("%(season)s: a holiday %(place)s.") % {
                "season": season.name, "place": place,
            }  # fmt: skip
            yield Conflict("holiday", stop.key, NOTICE if season.is_home else WARNING, message)
        elif season.kind == "fasting" and not season.is_home:
            yield _of_fasting(stop, season)


def _of_fasting(stop: StopView, season: SeasonView) -> Conflict:
    """Say what fasting means for a stop: the sunset of the day and place, or the season's hour."""
    words = {"season": season.name}
    proposal = _("Earlier in the day, or in the evening after the meal.")
    if stop.sunset is not None:
        words["sunset"] = f"{stop.sunset:%H:%M}"
        if stop.starts.time() >= _later(stop.sunset, MEAL):
            message = _("%(season)s: the fast is broken at %(sunset)s; this begins after the meal.")
            return Conflict("fasting", stop.key, NOTICE, message % words)
        if stop.ends.time() > _later(stop.sunset, -BEFORE_MEAL):
            message = _(
                "%(season)s: the fast is broken at %(sunset)s, reckoned for this day and place;"
                " people want to be at home by then."
            )
            return Conflict("fasting", stop.key, WARNING, message % words, proposal)
    if season.closes is not None and stop.ends.time() > season.closes:
        words["closes"] = f"{season.closes:%H:%M}"
        if stop.sunset is not None:
            message = _(
                "%(season)s: people leave work at %(closes)s, and the fast is broken at %(sunset)s,"
                " reckoned for this day and place."
            )
        else:
            message = _(
                "%(season)s: people leave work at %(closes)s and are at home for the meal at"
                " sunset. No coordinates are known here, so this goes by the season's hour."
            )
        return Conflict("fasting", stop.key, WARNING, message % words, proposal)
    message = _("%(season)s: the hosts fast; no meal and no coffee.")
    return Conflict("fasting", stop.key, NOTICE, message % words)


def _later(moment: time, minutes: timedelta) -> time:
    return (datetime.combine(date.min + timedelta(1), moment) + minutes).time()


def _of_venue(plan: Plan, stop: StopView) -> Iterator[Conflict]:
    if stop.is_online:
        if not stop.has_fallback:
            message = _("Online, and no steps are written down for when the line fails.")
            proposal = _("For example: a telephone bridge, then written answers.")
            yield Conflict("no_fallback", stop.key, NOTICE, message, proposal)
        return
    opens, closes = stop.opens or time.min, stop.closes or time.max
    if stop.starts.time() < opens or stop.ends.time() > closes:
        message = _("%(venue)s is open from %(opens)s to %(closes)s.") % {
            "venue": stop.venue_name, "opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}",
        }  # fmt: skip
        yield Conflict("closed", stop.key, STOP, message)
    if plan.party.step_free and stop.is_step_free is False:
        message = _("%(venue)s is not step-free.") % {"venue": stop.venue_name}
        message += " " + _needed(plan)
        yield Conflict(
            "step_free",
            stop.key,
            STOP,
            message,
            _step_free(plan, stop.venue_name, stop.venue_place),
        )
    if stop.capacity is not None and plan.party.people + stop.colleagues > stop.capacity:
        message = _("%(venue)s holds %(capacity)s people.") % {
            "venue": stop.venue_name, "capacity": stop.capacity,
        }  # fmt: skip
        yield Conflict("capacity", stop.key, STOP, message)


def _needed(plan: Plan) -> str:
    return ngettext(
        "%(n)s traveller needs step-free ways.",
        "%(n)s travellers need step-free ways.",
        plan.party.step_free,
    ) % {"n": plan.party.step_free}


def _step_free(plan: Plan, instead_of: str, place: str) -> str:
    near_first = sorted(plan.venues, key=lambda venue: venue.town != place)
    names = [
        venue.name
        for venue in near_first
        if venue.name != instead_of
        and (venue.capacity is None or venue.capacity >= plan.party.people)
    ]
    if not names:
        return _("No step-free venue is in the list yet.")
    return _("Step-free: %(venues)s.") % {"venues": _("; ").join(names[:PROPOSED])}


def _of_people(plan: Plan, stop: StopView) -> Iterator[Conflict]:
    people = plan.party.people + stop.colleagues
    if stop.most_people is not None and not stop.is_online and people > stop.most_people:
        message = _("%(people)s people would come, and at most %(most)s may.") % {
            "people": people, "most": stop.most_people,
        }  # fmt: skip
        yield Conflict("people", stop.key, STOP, message, _("Go in two groups."))
    if stop.needs_interpreter and not stop.interpreter:
        yield Conflict("interpreter", stop.key, NOTICE, _("No interpreter has been found yet."))


def _of_speakers(stops: Sequence[StopView]) -> Iterator[Conflict]:
    for at, stop in enumerate(stops):
        for other in stops[:at]:
            both = sorted(name for _key, name in stop.speakers & other.speakers)
            if stop.interpreter and stop.interpreter == other.interpreter:
                both.append(stop.interpreter)
            if both and stop.starts < other.ends and stop.ends > other.starts:
                words = {"names": _("; ").join(both), "title": other.title}
                if stop.override or other.override:
                    words["reason"] = stop.override or other.override
                    message = _("%(names)s: also at “%(title)s”. Reason kept: %(reason)s") % words
                    yield Conflict("speaker", stop.key, NOTICE, message)
                else:
                    message = _("%(names)s: also at “%(title)s” at this time.") % words
                    yield Conflict("speaker", stop.key, STOP, message, _("Move one of the two."))


def _of_lodgings(plan: Plan) -> Iterator[Conflict]:
    if not plan.party.step_free:
        return
    for lodging in plan.lodgings:
        if lodging.is_step_free is False:
            message = _("%(venue)s is not suitable: it is not step-free.") % {
                "venue": lodging.title
            }
            message += " " + _needed(plan)
            yield Conflict(
                "lodging",
                lodging.key,
                STOP,
                message,
                _step_free(plan, lodging.title, lodging.place),
            )
        elif lodging.is_step_free is None:
            message = _("Whether %(venue)s is step-free has not been checked.") % {
                "venue": lodging.title
            }
            yield Conflict(
                "lodging",
                lodging.key,
                NOTICE,
                message,
                _step_free(plan, lodging.title, lodging.place),
            )
