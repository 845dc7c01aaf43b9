import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Invitations keep no digest of their own, and each has a private link."""

    dependencies = [("accounts", "0003_move_links_to_private_links")]

    operations = [
        migrations.RemoveField(model_name="invitation", name="digest"),
        migrations.AlterField(
            model_name="invitation",
            name="private_link",
            field=models.OneToOneField(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="common.privatelink",
            ),
        ),
    ]
