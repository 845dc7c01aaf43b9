"""A filter for links to call: `tel:` with the calling code, by `hiwar.common.telephones`."""

from __future__ import annotations

from django import template

from hiwar.common import telephones

register = template.Library()
register.filter("dialled", telephones.dialled)
