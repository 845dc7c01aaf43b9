from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path, re_path

from hiwar.accounts import views
from hiwar.accounts.desk import (
    account,
    erasures,
    house,
    house_exports,
    imports,
    jobs,
    overview,
    search,
    sign_in,
    staff,
    vocabularies,
)

LANGUAGE = "|".join(code for code, _name in settings.LANGUAGES)

public: list[URLPattern] = [
    path("", views.choose_language, name="choose_language"),
    re_path(rf"^(?P<language>{LANGUAGE})/$", views.home, name="home"),
]

desk: list[URLPattern] = [
    path("", overview.morning, name="morning"),
    path("activity/", overview.activity, name="activity"),
    path("first-day/", overview.first_day, name="first_day"),
    path("house/", house.house, name="house"),
    path("house/leaving/", house_exports.house_exports, name="house_exports"),
    path("house/leaving/<uuid:key>/", house_exports.house_export, name="house_export"),
    path("house/leaving/<uuid:key>/file/", house_exports.take, name="take_house_export"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<uuid:key>/again/", jobs.again, name="job_again"),
    path("search/", search.search, name="search"),
    path("sign-in/", sign_in.enter, name="sign_in"),
    path("sign-in/second-factor/", sign_in.second_factor, name="second_factor"),
    path("sign-in/new-password/", sign_in.forgot, name="forgot"),
    path("sign-in/new-password/<str:key>/<str:token>/", sign_in.reset, name="reset"),
    path("sign-out/", sign_in.leave, name="sign_out"),
    path("invitation/<str:token>/", sign_in.accept, name="accept"),
    path("confirm/", sign_in.confirm, name="confirm"),
    path("account/", account.account, name="account"),
    path("account/details/", account.profile, name="profile"),
    path("account/password/", account.password, name="password"),
    path("account/app/", account.app, name="app"),
    path("account/app/remove/", account.remove_app, name="remove_app"),
    path("account/passkeys/add/", account.passkey, name="passkey"),
    path("account/passkeys/<uuid:key>/remove/", account.remove_passkey, name="remove_passkey"),
    path("account/recovery-codes/", account.codes, name="codes"),
    path("account/sessions/end/", account.end_sessions, name="end_sessions"),
    path("account/sessions/<uuid:key>/end/", account.end_session, name="end_session"),
    path("staff/", staff.staff, name="staff"),
    path("staff/invite/", staff.invite, name="invite"),
    path("staff/roles/", staff.roles, name="roles"),
    path("staff/invitations/<uuid:key>/withdraw/", staff.withdraw, name="withdraw"),
    path("staff/<uuid:key>/", staff.person, name="person"),
    path("staff/<uuid:key>/close/", staff.close, name="close"),
    path("staff/<uuid:key>/reopen/", staff.reopen, name="reopen"),
    path("staff/<uuid:key>/reset-second-factor/", staff.reset_factor, name="reset_factor"),
    path("institution/", staff.institution, name="institution"),
    path("erasures/", erasures.erasures, name="erasures"),
    path("erasures/<uuid:key>/", erasures.erasure, name="erasure"),
    path("erasures/of/<str:kind>/", erasures.erase_several, name="erase_several"),
    path("erasures/of/<str:kind>/<str:key>/", erasures.erase, name="erase"),
    path("imports/<uuid:key>/", imports.import_run, name="import_run"),
    path("imports/<uuid:key>/confirm/", imports.confirm_import, name="confirm_import"),
    path("imports/<uuid:key>/discard/", imports.discard_import, name="discard_import"),
    path("imports/<uuid:key>/undo/", imports.undo_import, name="undo_import"),
    path("imports/of/<str:kind>/", imports.import_files, name="import_files"),
    path("imports/of/<str:kind>/<uuid:subject>/", imports.import_files, name="import_files_of"),
    path("vocabularies/", vocabularies.overview, name="vocabularies"),
    path("vocabularies/file/", vocabularies.as_file, name="vocabularies_file"),
    path("vocabularies/<str:code>/", vocabularies.listed, name="vocabulary"),
    path("vocabularies/<str:code>/order/", vocabularies.order, name="order_vocabulary"),
    path("vocabularies/<str:code>/add/", vocabularies.add, name="add_entry"),
    path("vocabularies/<str:code>/<str:entry>/", vocabularies.word, name="word_entry"),
    path("vocabularies/<str:code>/<str:entry>/retire/", vocabularies.retire, name="retire_entry"),
    path("vocabularies/<str:code>/<str:entry>/offer/", vocabularies.offer, name="offer_entry"),
    path(
        "vocabularies/<str:code>/<str:entry>/take-back/",
        vocabularies.take_back,
        name="take_back_entry",
    ),
]
