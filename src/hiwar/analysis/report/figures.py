"""Numbers as the page writes them: Western digits, thousands separated, a true minus sign."""

from __future__ import annotations

import math

from markupsafe import Markup

DASH = "–"


def integer(number: int) -> str:
    """Write a count with its thousands separated."""
    return f"{number:,}".replace("-", "−")


def decimal(number: float | None, places: int = 2) -> str:
    """Write a number with a fixed count of decimals, a dash where there is none."""
    if number is None:
        return DASH
    text = f"{number:,.{places}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("-")
    return text.replace("-", "−")


def whole_percent(share: float) -> int:
    """Round a share in [0, 1] to whole percent, halves away from zero."""
    return math.floor(abs(share) * 100 + 0.5) * (1 if share >= 0 else -1)


def percent(share: float | None) -> str:
    """Write a share in [0, 1] as whole percent, a dash where there is none."""
    return DASH if share is None else f"{whole_percent(share)}%"


def span(low: float | None, high: float | None) -> Markup:
    """Write an interval of shares; isolated, for a range reads from the left in both languages."""
    if low is None or high is None:
        return Markup(DASH)  # noqa: S704 - our own dash
    pattern = Markup('<bdi dir="ltr">{}–{}%</bdi>')
    return pattern.format(whole_percent(low), whole_percent(high))


def width(share: float) -> str:
    """Write a share as a CSS length with one decimal."""
    return f"{min(max(share, 0.0), 1.0) * 100:.1f}%"
