"""The addresses of the room at the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from hiwar.dossiers.desk import barriers, dossiers, facts, parts, strategy

desk: list[URLPattern] = [
    path("dossiers/", dossiers.list_dossiers, name="list"),
    path("dossiers/new/", dossiers.new, name="new"),
    path("dossiers/<str:code>/", dossiers.dossier, name="dossier"),
    path("dossiers/<str:code>/edit/", dossiers.edit, name="edit"),
    path("dossiers/<str:code>/state/", dossiers.state, name="state"),
    path("dossiers/<str:code>/state/take-back/", dossiers.take_back_state, name="take_back_state"),
    path("dossiers/<str:code>/readers/", dossiers.readers, name="readers"),
    path("dossiers/<str:code>/programme/", dossiers.place, name="place"),
    path("dossiers/<str:code>/put-away/", dossiers.archive, name="archive"),
    path("dossiers/<str:code>/bring-back/", dossiers.restore, name="restore"),
    path("dossiers/<str:code>/facts/", facts.facts, name="facts"),
    path("dossiers/<str:code>/facts/add/", facts.add, name="add_fact"),
    path("dossiers/<str:code>/facts/<str:key>/check/", facts.check, name="check_fact"),
    path("dossiers/<str:code>/facts/<str:key>/correct/", facts.correct, name="correct_fact"),
    path("dossiers/<str:code>/facts/<str:key>/withdraw/", facts.withdraw, name="withdraw_fact"),
    path("dossiers/<str:code>/facts/<str:key>/restore/", facts.restore, name="restore_fact"),
    path("dossiers/<str:code>/documents/", parts.documents, name="documents"),
    path(
        "dossiers/<str:code>/documents/<str:key>/remove/",
        parts.remove_document,
        name="remove_document",
    ),
    path(
        "dossiers/<str:code>/documents/<str:key>/restore/",
        parts.restore_document,
        name="restore_document",
    ),
    path("dossiers/<str:code>/steps/", parts.steps, name="steps"),
    path("dossiers/<str:code>/steps/<str:key>/done/", parts.finish_step, name="finish_step"),
    path("dossiers/<str:code>/steps/<str:key>/reopen/", parts.reopen_step, name="reopen_step"),
    path("dossiers/<str:code>/people/", parts.people, name="people"),
    path("dossiers/<str:code>/people/<str:key>/remove/", parts.remove_person, name="remove_person"),
    path("strategy/", strategy.strategy, name="strategy"),
    path("strategy/add/<str:kind>/", strategy.add, name="add_branch"),
    path("strategy/<str:kind>/<str:key>/", strategy.edit, name="edit_branch"),
    path("barriers/", barriers.barriers, name="barriers"),
    path("barriers/new/", barriers.new, name="new_barrier"),
    path("barriers/barriers.csv", barriers.as_csv, name="barriers_csv"),
    path("barriers/barriers.xlsx", barriers.as_xlsx, name="barriers_xlsx"),
    path("barriers/<str:key>/", barriers.barrier, name="barrier"),
    path("barriers/<str:key>/edit/", barriers.edit, name="edit_barrier"),
    path("barriers/<str:key>/state/", barriers.state, name="barrier_state"),
]
