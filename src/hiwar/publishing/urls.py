"""The addresses of the site's own items, for everybody and at the desk."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from hiwar.accounts.urls import LANGUAGE
from hiwar.publishing.desk import copies, pictures
from hiwar.publishing.desk import items as pages
from hiwar.publishing.desk import newsletter as issues
from hiwar.publishing.views import (
    authenticity,
    files,
    house,
    interface,
    newsletter,
    open_data,
    share_cards,
)
from hiwar.publishing.views import items as views
from hiwar.publishing.views import pictures as picture_views

_SITE = rf"^(?P<language>{LANGUAGE})/"
_KIND = r"(?P<kind>news|press|opportunities|pages)"

public: list[URLPattern] = [
    re_path(rf"{_SITE}news/$", views.items, {"kind": "news"}, name="news"),
    re_path(rf"{_SITE}press/$", views.items, {"kind": "press"}, name="press"),
    re_path(
        rf"{_SITE}opportunities/$", views.items, {"kind": "opportunities"}, name="opportunities"
    ),
    re_path(rf"{_SITE}about/$", house.about, name="about"),
    re_path(rf"{_SITE}about/profile.json$", files.entry, name="entry"),
    re_path(rf"{_SITE}contact/$", house.contact, name="contact"),
    re_path(rf"{_SITE}privacy/$", house.privacy, name="privacy"),
    re_path(rf"{_SITE}search/$", house.search, name="search"),
    re_path(rf"{_SITE}feeds/$", house.feeds, name="feeds"),
    re_path(rf"{_SITE}feeds/(?P<of>[a-z-]+)\.(?P<kind>atom|rss|json)$", files.feed, name="feed"),
    re_path(
        rf"{_SITE}feeds/dossier/(?P<code>[\w.-]+)\.(?P<kind>atom|rss|json)$",
        files.dossier_feed,
        name="dossier_feed",
    ),
    re_path(rf"{_SITE}feeds/events\.ics$", files.calendar, name="calendar"),
    re_path(rf"{_SITE}newsletter/$", newsletter.newsletter, name="newsletter"),
    re_path(rf"{_SITE}newsletter/(?P<code>[a-z]{{8}})/$", newsletter.issue, name="issue"),
    re_path(rf"{_SITE}open-data/$", open_data.page, name="open_data"),
    path("open-data/SHA256SUMS", open_data.checksums, name="checksums"),
    path("open-data/datasets.json", open_data.datasets, name="datasets"),
    re_path(r"^open-data/catalogue\.(?P<kind>ttl|jsonld)$", open_data.linked, name="catalogue"),
    re_path(
        r"^open-data/(?P<code>[a-z-]+)\.csv-metadata\.json$",
        open_data.metadata,
        name="table_metadata",
    ),
    re_path(
        r"^open-data/(?P<code>[a-z-]+)\.(?P<kind>csv|json)$",
        open_data.table_file,
        name="table_file",
    ),
    re_path(rf"{_SITE}authenticity/$", authenticity.page, name="authenticity"),
    path("authenticity/list.txt", authenticity.signed, name="newest_list"),
    path("authenticity/list-<int:number>.txt", authenticity.signed, name="signed_list"),
    path("api/v1/", interface.tables, name="interface"),
    path("api/v1/openapi.json", interface.describe, name="interface_description"),
    re_path(r"^api/v1/tables/(?P<table>[^/]+)$", interface.rows, name="interface_rows"),
    re_path(rf"^card/(?P<language>{LANGUAGE})(?P<rest>.*)\.png$", share_cards.card, name="card"),
    path("pictures/<slug:code>/<str:name>", picture_views.rendition, name="rendition"),
    path("sitemap.xml", files.sitemap, name="sitemap"),
    path("robots.txt", files.robots, name="robots"),
    path(".well-known/security.txt", files.security, name="security"),
    re_path(rf"{_SITE}{_KIND}/(?P<slug>[^/]+)/$", views.item, name="item"),
]

desk: list[URLPattern] = [
    path("", pages.list_items, name="list"),
    path("new/", pages.new, name="new"),
    path("profile/", pages.profile, name="profile"),
    path("copy/", copies.page, name="copy"),
    path("copy/site.zip", copies.take, name="copy_file"),
    path("newsletter/", issues.list_issues, name="issues"),
    path("newsletter/new/", issues.new, name="new_issue"),
    path("newsletter/<slug:code>/", issues.issue, name="issue"),
    path("newsletter/<slug:code>/edit/", issues.edit, name="edit_issue"),
    path("pictures/", pictures.list_pictures, name="pictures"),
    path("pictures/new/", pictures.new, name="new_picture"),
    path("pictures/<slug:code>/", pictures.picture, name="picture"),
    path("pictures/<slug:code>/edit/", pictures.edit, name="edit_picture"),
    path("pictures/<slug:code>/focus/", pictures.focus, name="focus_picture"),
    path("pictures/<slug:code>/withdraw/", pictures.withdraw, name="withdraw_picture"),
    path("pictures/<slug:code>/<str:name>", pictures.rendition, name="rendition"),
    path("<slug:code>/", pages.item, name="item"),
    path("<slug:code>/edit/", pages.edit, name="edit"),
    path("<slug:code>/history/", pages.history, name="history"),
    path("<slug:code>/history/<int:number>/restore/", pages.restore, name="restore"),
    path("<slug:code>/ask/", pages.ask, name="ask"),
    path("<slug:code>/decide/", pages.decide, name="decide"),
    path("<slug:code>/take-back/", pages.take_back, name="take_back"),
    path("<slug:code>/withdraw/", pages.withdraw, name="withdraw"),
]
