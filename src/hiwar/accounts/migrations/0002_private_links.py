import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A private link for each invitation, filled by the next migration."""

    dependencies = [("accounts", "0001_initial"), ("common", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="private_link",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="common.privatelink",
            ),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="digest",
            field=models.CharField(max_length=64, null=True, unique=True),
        ),
    ]
