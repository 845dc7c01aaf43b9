"""Filters for days and times, as `hiwar.common.dates` writes them."""

from __future__ import annotations

from django import template

from hiwar.common import dates

register = template.Library()
register.filter("day", dates.day)
register.filter("month", dates.month)
register.filter("instant", dates.instant)
