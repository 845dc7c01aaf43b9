"""The addresses of laws on the public site and at the desk."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from hiwar.accounts.urls import LANGUAGE
from hiwar.legislation.desk import (
    amendments,
    comment_files,
    consultations,
    drafts,
    following,
    instruments,
    memoranda,
    outcomes,
    pages,
    procedures,
    terms,
)
from hiwar.legislation.views import consultations as public_consultations
from hiwar.legislation.views import laws

_LAW = rf"^(?P<language>{LANGUAGE})/laws/(?P<key>[0-9a-f-]{{36}})/"

public: list[URLPattern] = [
    path("comment/<str:token>/", public_consultations.own_comment, name="own_comment"),
    re_path(rf"^(?P<language>{LANGUAGE})/laws/$", laws.laws, name="laws"),
    re_path(rf"{_LAW}$", laws.law, name="law"),
    re_path(rf"{_LAW}feed/$", laws.feed, name="feed"),
    re_path(rf"{_LAW}compare/$", laws.compare, name="compare"),
    re_path(rf"{_LAW}versions/(?P<name>[\w-]+)/$", laws.text, name="text"),
    re_path(rf"{_LAW}versions/(?P<name>[\w-]+)/(?P<kind>[a-z]+)/$", laws.text_file, name="file"),
    re_path(
        rf"{_LAW}consultations/(?P<consultation>[0-9a-f-]{{36}})/$",
        public_consultations.consultation,
        name="consultation",
    ),
    re_path(rf"{_LAW}(?P<slug>[\w-]+)/$", laws.article, name="article"),
]

desk: list[URLPattern] = [
    path("", pages.list_laws, name="list"),
    path("dossier/<str:code>/new/", pages.new, name="new"),
    path("procedures/", procedures.procedures, name="procedures"),
    path("procedures/new/", procedures.new, name="new_procedure"),
    path("procedures/<slug:code>/", procedures.procedure, name="procedure"),
    path("procedures/<slug:code>/stages/new/", procedures.add_stage, name="add_stage"),
    path("procedures/<slug:code>/stages/<slug:stage>/", procedures.stage, name="stage"),
    path(
        "procedures/<slug:code>/stages/<slug:stage>/arrange/",
        procedures.arrange_stage,
        name="arrange_stage",
    ),
    path("consultations/<str:key>/", consultations.consultation, name="consultation"),
    path("consultations/<str:key>/enter/", consultations.enter, name="enter_comment"),
    path("consultations/<str:key>/end/", consultations.move_end, name="move_end"),
    path("consultations/<str:key>/accept/", consultations.accept, name="accept_kinds"),
    path("consultations/<str:key>/show/", consultations.show, name="show_comments"),
    path("consultations/<str:key>/close/", consultations.close, name="close_consultation"),
    path("consultations/<str:key>/comments/<str:number>/", consultations.comment, name="comment"),
    path(
        "consultations/<str:key>/comments/<str:number>/files/",
        comment_files.add,
        name="add_comment_file",
    ),
    path(
        "consultations/<str:key>/comments/<str:number>/files/<str:file>/",
        comment_files.take,
        name="comment_file",
    ),
    path(
        "consultations/<str:key>/comments/<str:number>/files/<str:file>/erase/",
        comment_files.erase,
        name="erase_comment_file",
    ),
    path("<str:key>/", pages.law, name="law"),
    path("<str:key>/drafts/new/", drafts.bring, name="bring_file"),
    path("<str:key>/drafts/<str:draft>/", drafts.draft, name="draft"),
    path(
        "<str:key>/drafts/<str:draft>/pages/<int:page>/",
        drafts.draft_picture,
        name="draft_picture",
    ),
    path("<str:key>/drafts/<str:draft>/save/", drafts.save, name="save_draft"),
    path("<str:key>/drafts/<str:draft>/discard/", drafts.discard, name="discard_draft"),
    path("<str:key>/drafts/<str:draft>/file/", drafts.draft_file, name="draft_file"),
    path("<str:key>/follow/", following.follow, name="follow"),
    path("<str:key>/seen/", following.seen, name="seen"),
    path("<str:key>/step/", pages.step, name="step"),
    path("<str:key>/versions/new/", pages.add_version, name="add_version"),
    path("<str:key>/versions/<str:number>/", pages.version, name="version"),
    path("<str:key>/versions/<str:number>/terms/", terms.terms, name="terms"),
    path("<str:key>/versions/<str:number>/consult/", consultations.new, name="new_consultation"),
    path("<str:key>/versions/<str:number>/publish/", pages.publish, name="publish"),
    path("<str:key>/versions/<str:number>/withdraw/", pages.withdraw, name="withdraw"),
    path("<str:key>/compare/", pages.compare, name="compare"),
    path("<str:key>/versions/<str:number>/proposals/", amendments.amendments, name="amendments"),
    path("<str:key>/versions/<str:number>/proposals/new/", amendments.new, name="new_amendment"),
    path(
        "<str:key>/versions/<str:number>/proposals/text/",
        amendments.consolidated,
        name="consolidated",
    ),
    path(
        "<str:key>/versions/<str:number>/proposals/publish/",
        amendments.publish,
        name="publish_amendments",
    ),
    path(
        "<str:key>/versions/<str:number>/instruments/",
        instruments.instruments,
        name="instruments",
    ),
    path(
        "<str:key>/versions/<str:number>/instruments/new/",
        instruments.bring,
        name="bring_instrument",
    ),
    path("<str:key>/versions/<str:number>/on/", instruments.on_day, name="on_day"),
    path("<str:key>/instruments/<str:instrument>/", instruments.instrument, name="instrument"),
    path("<str:key>/instruments/<str:instrument>/step/", instruments.step, name="step_instrument"),
    path(
        "<str:key>/instruments/<str:instrument>/orders/<str:position>/",
        instruments.order,
        name="order",
    ),
    path(
        "<str:key>/instruments/<str:instrument>/orders/<str:position>/decide/",
        instruments.decide,
        name="decide_order",
    ),
    path("<str:key>/versions/<str:number>/arrival/", outcomes.arrival, name="arrival"),
    path("<str:key>/answer/", outcomes.answer, name="answer"),
    path("<str:key>/summary/", pages.summary, name="summary"),
    path("<str:key>/versions/<str:number>/memorandum/", memoranda.new, name="new_memorandum"),
    path("<str:key>/memoranda/<str:memo>/", memoranda.memorandum, name="memorandum"),
    path("<str:key>/memoranda/<str:memo>/fix/", memoranda.fix, name="fix_memorandum"),
    path("<str:key>/memoranda/<str:memo>/send/", memoranda.send, name="send_memorandum"),
    path(
        "<str:key>/memoranda/<str:memo>/<str:position>/<str:name>",
        memoranda.memorandum_file,
        name="memorandum_file",
    ),
    path("<str:key>/proposals/<str:number>/", amendments.amendment, name="amendment"),
    path("<str:key>/proposals/<str:number>/change/", amendments.change, name="change_amendment"),
    path("<str:key>/proposals/<str:number>/step/", amendments.step, name="step_amendment"),
]
