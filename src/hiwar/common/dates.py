"""Days and times as people here write them: weekday first, month names and digits by setting."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_timezone_location
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from hiwar.common.multilingual import MultilingualText

# One locale that has the Levantine month names (كانون الثاني); the base has the Gregorian ones.
_ARABIC = {"levantine": "ar_PS", "gregorian": "ar"}
# A day and a time on the clock of a place, without a zone of its own: "2027-03-02T07:30".
WALL = "%Y-%m-%dT%H:%M"
_EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def day(value: date | datetime, language: str | None = None) -> str:
    """Return a day in words, weekday first."""
    locale = _locale(language)
    wished = _local(value) if isinstance(value, datetime) else value
    return _digits(format_date(wished, format="full", locale=locale), locale)


def short_day(value: date, language: str | None = None) -> str:
    """Return a day as a column of a table holds it: no weekday, a short month, one line."""
    locale = _locale(language)
    text = format_date(value, format="medium", locale=locale).replace(" ", "\N{NO-BREAK SPACE}")
    return _digits(text, locale)


def month(value: date, language: str | None = None) -> str:
    """Return the month of a day with its year, in words."""
    locale = _locale(language)
    return _digits(format_date(value, format="LLLL y", locale=locale), locale)


def instant(value: datetime, language: str | None = None) -> str:
    """Return a day and a time of day in the installation's time zone."""
    locale = _locale(language)
    local = _local(value)
    clock = format_time(local.time(), format="HH:mm", locale=locale)
    return _digits(f"{format_date(local, format='long', locale=locale)} {clock}", locale)


def local_day(value: datetime) -> date:
    """Return the day of an instant at the place of the installation."""
    return _local(value).date()


def clock_shows(wall: str, zone: str, now: datetime) -> bool:
    """Return whether the clock of a place shows a time of day and day (`WALL`), or a later one.

    An hour that the clock leaves out is shown with the next one; of an hour that comes twice the
    first counts.
    """
    return now.astimezone(ZoneInfo(zone)).strftime(WALL) >= wall


def start_of_day(value: datetime) -> datetime:
    """Return when the day of an instant began: kept where the hour would tell on somebody."""
    return _local(value).replace(hour=0, minute=0, second=0, microsecond=0)


def place(language: str | None = None) -> str:
    """Return the place times are told for: by setting, else the town that names the time zone."""
    if settings.PLACE:
        return MultilingualText(settings.PLACE).in_language(language or get_language())
    return str(get_timezone_location(settings.TIME_ZONE, _locale(language), return_city=True))


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _locale(language: str | None) -> Locale:
    code = language or get_language() or settings.LANGUAGE_CODE
    name = _ARABIC[settings.MONTH_NAMES] if code == "ar" else code.replace("-", "_")
    return Locale.parse({"en": "en_GB"}.get(name, name))


def _digits(text: str, locale: Locale) -> str:
    western = text.translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789"))
    wants_eastern = settings.DIGITS == "arabic" and locale.language == "ar"
    return western.translate(_EASTERN) if wants_eastern else western
