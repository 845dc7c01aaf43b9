from django.db import migrations

from hiwar.common.telephones import telephone_key


def read_again(apps, _schema_editor):
    """Give telephones the keys that they have where the country of the house is known."""
    points = apps.get_model("contacts", "ContactPoint").objects.filter(kind="phone")
    changed = []
    for point in points.only("pk", "value", "key").iterator():
        key = telephone_key(point.value)
        if key and key != point.key:
            point.key = key
            changed.append(point)
    points.bulk_update(changed, ["key"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_family_name"), ("common", "0005_house_export")]

    operations = [migrations.RunPython(read_again, migrations.RunPython.noop)]
