"""Examples of addresses of accounts."""

from django.utils import timezone

from hiwar.accounts.actions import people
from hiwar.accounts.models import Role, User


def open_invitation() -> dict[str, str]:
    actor = User.objects.filter(roles__code="director").earliest("pk")
    role = Role.objects.get(code="researcher")
    _, token = people.invite(
        actor=actor, email="new@house.example", name={"en": "Basel"}, role=role, language="ar",
        at=timezone.now(),
    )  # fmt: skip
    return {"token": token}


EXAMPLES = {
    "accounts:accept": open_invitation,
    "accounts:add_entry": lambda: {"code": "contacts.kinds"},
}
