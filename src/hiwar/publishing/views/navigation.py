"""One menu for the public site, and what stands at the foot of each page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, pgettext_lazy

from hiwar.common.navigation import PublicEntry

PUBLIC_MENU = (
    PublicEntry(10, gettext_lazy("Who we are"), "public_publishing:about"),
    PublicEntry(15, gettext_lazy("Areas of work"), "public_dossiers:work"),
    PublicEntry(20, gettext_lazy("News"), "public_publishing:news"),
    PublicEntry(30, pgettext_lazy("written by the institution", "Papers"), "public_papers:papers"),
    PublicEntry(35, gettext_lazy("Policy forums"), "public_forums:forums"),
    PublicEntry(40, gettext_lazy("Joint statements"), "public_dossiers:statements"),
    PublicEntry(50, gettext_lazy("Laws we follow"), "public_laws:laws"),
    PublicEntry(55, gettext_lazy("What we ask for"), "public_asks:asks"),
    PublicEntry(60, gettext_lazy("Opportunities"), "public_publishing:opportunities"),
    PublicEntry(70, gettext_lazy("Search"), "public_publishing:search"),
    PublicEntry(10, gettext_lazy("Contact"), "public_publishing:contact", is_in_foot=True),
    PublicEntry(20, gettext_lazy("For the press"), "public_publishing:press", is_in_foot=True),
    PublicEntry(30, gettext_lazy("Privacy"), "public_publishing:privacy", is_in_foot=True),
    PublicEntry(35, gettext_lazy("Newsletter"), "public_publishing:newsletter", is_in_foot=True),
    PublicEntry(40, gettext_lazy("Feeds"), "public_publishing:feeds", is_in_foot=True),
    PublicEntry(
        50, gettext_lazy("Is this ours?"), "public_publishing:authenticity", is_in_foot=True
    ),
    PublicEntry(45, gettext_lazy("Open data"), "public_publishing:open_data", is_in_foot=True),
)
