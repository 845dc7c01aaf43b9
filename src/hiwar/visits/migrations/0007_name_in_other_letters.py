from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('visits', '0006_crossing_of_any_country'),
    ]

    operations = [
        migrations.RenameField(model_name='traveller', old_name='name_ar', new_name='other_name'),
        migrations.AlterField(
            model_name='traveller',
            name='other_name',
            field=models.CharField(blank=True, max_length=160, verbose_name='name in other letters'),
        ),
    ]
