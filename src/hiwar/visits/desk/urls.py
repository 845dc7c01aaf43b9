"""The addresses of visits at the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from hiwar.visits.desk import debrief, packs_and_links, programme, texts, travellers, visits

desk: list[URLPattern] = [
    path("", visits.list_visits, name="list"),
    path("new/", visits.new, name="new"),
    path("figures/", debrief.figures, name="figures"),
    path("<str:code>/", visits.visit, name="visit"),
    path("<str:code>/settings/", visits.settings, name="settings"),
    path("<str:code>/step/", visits.step, name="step"),
    path("<str:code>/copy/", visits.copy, name="copy"),
    path("<str:code>/programme/", programme.programme, name="programme"),
    path("<str:code>/programme/change/", programme.change, name="change"),
    path("<str:code>/items/add/", programme.add_item, name="add_item"),
    path("<str:code>/items/<str:number>/", programme.item, name="item"),
    path("<str:code>/items/<str:number>/edit/", programme.edit_item, name="edit_item"),
    path("<str:code>/items/<str:number>/way/", programme.leg, name="leg"),
    path("<str:code>/items/<str:number>/note/", programme.note, name="note"),
    path("<str:code>/items/<str:number>/people/", programme.people, name="people"),
    path("<str:code>/items/<str:number>/themes/", programme.themes, name="themes"),
    path("<str:code>/travellers/", travellers.travellers, name="travellers"),
    path("<str:code>/travellers/add/", travellers.add_traveller, name="add_traveller"),
    path("<str:code>/travellers/<str:number>/", travellers.edit_traveller, name="traveller"),
    path(
        "<str:code>/travellers/<str:number>/remove/",
        travellers.remove_traveller,
        name="remove_traveller",
    ),
    path("<str:code>/travellers/<str:number>/permit/", travellers.permit, name="permit"),
    path("<str:code>/travellers/<str:number>/papers/", travellers.documents, name="documents"),
    path("<str:code>/bookings/", travellers.bookings, name="bookings"),
    path("<str:code>/bookings/<str:key>/", travellers.settle, name="settle_booking"),
    path("<str:code>/pack/", packs_and_links.pack, name="pack"),
    path("<str:code>/pack/make/", packs_and_links.ask_pack, name="ask_pack"),
    path("<str:code>/pack/<str:key>.pdf", packs_and_links.pack_file, name="pack_file"),
    path("<str:code>/pack/preview/", texts.preview, name="preview"),
    path("<str:code>/pack/texts/add/", texts.add_text, name="add_text"),
    path("<str:code>/pack/texts/<str:key>/", texts.edit_text, name="edit_text"),
    path("<str:code>/pack/points/add/", texts.add_point, name="add_point"),
    path("<str:code>/pack/points/<str:key>/", texts.edit_point, name="edit_point"),
    path("<str:code>/pack/points/<str:key>/checked/", texts.check_reference, name="check_point"),
    path("<str:code>/pack/remove/<str:key>/", texts.remove_content, name="remove_content"),
    path("<str:code>/pack/hosts/<str:key>/", texts.host, name="pack_host"),
    path("<str:code>/links/", packs_and_links.links, name="links"),
    path("<str:code>/links/make/", packs_and_links.make_link, name="make_link"),
    path(
        "<str:code>/links/<str:key>/withdraw/", packs_and_links.withdraw_link, name="withdraw_link"
    ),
    path("<str:code>/afterwards/", debrief.afterwards, name="afterwards"),
    path("<str:code>/afterwards/add/", debrief.add_undertaking, name="add_undertaking"),
    path("<str:code>/afterwards/<str:key>/", debrief.settle_undertaking, name="settle_undertaking"),
    path("<str:code>/publish/", debrief.publish, name="publish"),
]
