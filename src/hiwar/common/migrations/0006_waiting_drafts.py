from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0005_numbering'),
    ]

    operations = [
        migrations.CreateModel(
            name='WaitingDraft',
            fields=[
                ('key', models.UUIDField(primary_key=True, serialize=False)),
                ('purpose', models.CharField(max_length=60)),
                ('sealed', models.BinaryField()),
                ('posted_at', models.DateTimeField()),
            ],
        ),
    ]
