from django.db import migrations, models

KINDS = [("mail", "e-mail"), ("phone", "telephone")]
WHY = [
    ("word", "wrote that nothing more is wanted"),
    ("link", "opened the way out in a message"),
    ("staff", "told a member of staff"),
    ("card", "refused on the card of the register"),
    ("erasure", "was erased"),
]


class Migration(migrations.Migration):
    """Telephones beside mail, and two more places where somebody says that they want nothing."""

    dependencies = [
        ("channels", "0003_purpose_of_signing"),
    ]

    operations = [
        migrations.AlterField(
            model_name="address",
            name="kind",
            field=models.CharField(choices=KINDS, default="mail", max_length=8),
        ),
        migrations.AlterField(
            model_name="suppression",
            name="kind",
            field=models.CharField(choices=KINDS, default="mail", max_length=8),
        ),
        migrations.AlterField(
            model_name="suppression",
            name="why",
            field=models.CharField(choices=WHY, max_length=8),
        ),
    ]
