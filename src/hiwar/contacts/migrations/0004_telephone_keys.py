import phonenumbers
from django.conf import settings
from django.db import migrations


def read_again(apps, _schema_editor):
    """Give telephones the keys that they have where the country of the house is known.

    A key that differs from what was typed comes from a numbering plan of the house, and stays.
    """
    points = apps.get_model("contacts", "ContactPoint").objects.filter(kind="phone")
    own = phonenumbers.country_code_for_region(settings.COUNTRY)
    changed = []
    for point in points.only("pk", "value", "key").iterator():
        typed = "".join(str(int(sign)) for sign in point.value if sign.isdecimal())
        if not own or point.key.removeprefix("+") not in {typed, typed.removeprefix("00")}:
            continue
        try:
            number = phonenumbers.parse(point.key, settings.COUNTRY)
        except phonenumbers.NumberParseException:
            continue
        if not phonenumbers.is_possible_number(number):
            continue
        national = phonenumbers.national_significant_number(number)
        code = number.country_code
        point.key = national if code == own else f"+{code}{national}"
        changed.append(point)
    points.bulk_update(changed, ["key"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_family_name")]

    operations = [migrations.RunPython(read_again, migrations.RunPython.noop)]
