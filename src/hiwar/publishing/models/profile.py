from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField


class PublicProfile(Record):
    """What the site says beside the institution's own record: contact, office holders, funders.

    There is one. Office holders have days, so that a new one counts from the set day on.
    """

    is_the_one = models.BooleanField(default=True, editable=False, unique=True)
    address = MultilingualField(_("postal address"), blank=True, is_long=True)
    hours = MultilingualField(_("hours"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    press_name = MultilingualField(_("who answers the press"), blank=True)
    press_telephone = models.CharField(_("telephone for the press"), max_length=40, blank=True)
    press_email = models.EmailField(_("e-mail address for the press"), blank=True)
    security_email = models.EmailField(_("e-mail address for security reports"), blank=True)
    # Rows: "from" and "until" (days or empty), "office" and "person" by language.
    officers = models.JSONField(_("office holders"), default=list, blank=True)
    # Rows: "year", "share" (per cent) and "name" by language.
    funders = models.JSONField(_("who pays for the work"), default=list, blank=True)
    memberships = MultilingualField(_("memberships"), blank=True, is_long=True)
    interests = MultilingualField(_("register of interests"), blank=True, is_long=True)
    modified_at = models.DateTimeField(editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(is_the_one=True), name="publishing_profile_one"
            ),
        )

    def __str__(self) -> str:
        return self.email
