from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from hiwar.accounts.actions.people import load_roles
from hiwar.common.checks import is_key_of_this_house, keep_mark
from hiwar.common.search.indexing import is_stale, reindex


class Command(BaseCommand):
    """Make everything that must be there before the first request; safe to run again."""

    help = "Make folders and tables, load roles (and the demonstration), gather static files."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do it in the order in which each step needs the one before."""
        settings.DATA.mkdir(mode=0o750, parents=True, exist_ok=True)
        settings.STATIC_ROOT.mkdir(exist_ok=True)
        if is_key_of_this_house():
            keep_mark(settings.SECRET_KEY)
        call_command("migrate", interactive=False, verbosity=0)
        created, _there = load_roles(at=timezone.now())
        self.stdout.write(f"prepare: tables are current, {created} roles loaded")
        if is_stale() and (indexed := sum(reindex().values())):
            self.stdout.write(f"prepare: {indexed} records written into the full-text index")
        if settings.DEMO:
            call_command("load_demo")
        if settings.STATIC_HASHED:
            call_command("collectstatic", interactive=False, verbosity=0)
            self.stdout.write("prepare: static files gathered")
