import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Joint statements keep no signing of their own."""

    dependencies = [
        ("dossiers", "0004_move_signing"),
    ]

    operations = [
        migrations.DeleteModel(name="Signature"),
        migrations.DeleteModel(name="SigningLetter"),
        migrations.DeleteModel(name="SigningRequest"),
        migrations.RemoveField(model_name="jointstatement", name="sign_by"),
        migrations.RemoveField(model_name="jointstatement", name="contact_post"),
        migrations.RemoveField(model_name="jointstatement", name="contact_line"),
        migrations.RemoveField(model_name="jointtext", name="opened_at"),
        migrations.RemoveField(model_name="jointtext", name="closed_at"),
        migrations.RemoveField(model_name="jointtext", name="closed_why"),
        migrations.AlterField(
            model_name="jointstatement",
            name="signing",
            field=models.OneToOneField(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="signatures.signing",
            ),
        ),
        migrations.AddConstraint(
            model_name="jointtext",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "draft"), ("version__isnull", False), _connector="OR"),
                name="dossiers_jointtext_version",
            ),
        ),
    ]
