from __future__ import annotations

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """Floor 1: the register of people, organisations and posts."""

    name = "hiwar.contacts"
    label = "contacts"
