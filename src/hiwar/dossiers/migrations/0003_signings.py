import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A signing for each joint statement and a version for each text, filled by the next."""

    dependencies = [
        ("dossiers", "0002_numbers_of_letters"),
        ("signatures", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="jointstatement",
            name="signing",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="signatures.signing",
            ),
        ),
        migrations.AddField(
            model_name="jointtext",
            name="version",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="signatures.signingversion",
            ),
        ),
    ]
