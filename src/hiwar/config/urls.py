"""Two URL trees, the public site and the desk; an installation may serve either or both."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from hiwar.accounts import urls as accounts
from hiwar.asks import urls as asks
from hiwar.channels import urls as channels
from hiwar.common import views
from hiwar.common.desk.components import components
from hiwar.contacts.desk import urls as contacts_desk
from hiwar.dialogues import urls as dialogues
from hiwar.dialogues.desk import urls as dialogues_desk
from hiwar.dossiers import urls as dossiers
from hiwar.dossiers.desk import urls as dossiers_desk
from hiwar.events import urls as events
from hiwar.evidence import urls as evidence
from hiwar.forums import urls as forums
from hiwar.legislation import urls as legislation
from hiwar.papers import urls as papers
from hiwar.places import urls as places
from hiwar.publishing import urls as publishing
from hiwar.signatures import urls as signatures
from hiwar.trace import urls as trace
from hiwar.visits import urls as visits
from hiwar.visits.desk import urls as visits_desk

Tree = list[URLPattern | URLResolver]

every_door: Tree = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]
public_tree: Tree = [
    path("", include((accounts.public, "site"))),
    path("", include((dialogues.public, "public_dialogues"))),
    path("", include((dialogues_desk.walls, "wall"))),
    path("", include((dossiers.public, "public_dossiers"))),
    path("", include((signatures.public, "public_signatures"))),
    path("", include((events.public, "public_events"))),
    path("", include((visits.public, "public_visits"))),
    path("", include((asks.public, "public_asks"))),
    path("", include((channels.public, "public_channels"))),
    path("", include((legislation.public, "public_laws"))),
    path("", include((forums.public, "public_forums"))),
    path("", include((papers.public, "public_papers"))),
    path("", include((publishing.public, "public_publishing"))),
    path("", include((trace.public, "public_trace"))),
]
desk_tree: Tree = [
    path("desk/", include((accounts.desk, "accounts"))),
    path("desk/components/", components, name="components"),
    path("desk/", include((dossiers_desk.desk, "dossiers"))),
    path("desk/signatures/", include((signatures.desk, "signatures"))),
    path("desk/contacts/", include((contacts_desk.desk, "contacts"))),
    path("desk/dialogues/", include((dialogues_desk.desk, "dialogues"))),
    path("desk/events/", include((events.desk, "events"))),
    path("desk/visits/", include((visits_desk.desk, "visits"))),
    path("desk/forums/", include((forums.desk, "forums"))),
    path("desk/asks/", include((asks.desk, "asks"))),
    path("desk/places/", include((places.desk, "places"))),
    path("desk/evidence/", include((evidence.desk, "evidence"))),
    path("desk/papers/", include((papers.desk, "papers"))),
    path("desk/site/", include((publishing.desk, "publishing"))),
    path("desk/laws/", include((legislation.desk, "legislation"))),
    path("desk/trace/", include((trace.desk, "trace"))),
    path("desk/messages/", include((channels.desk, "channels"))),
]

urlpatterns: Tree = [
    *every_door,
    *(desk_tree if "desk" in settings.DOORS else []),
    *(public_tree if "public" in settings.DOORS else []),
]

handler400 = "hiwar.common.views.bad_request"
handler403 = "hiwar.common.views.forbidden"
handler404 = "hiwar.common.views.not_found"
handler500 = "hiwar.common.views.server_error"
