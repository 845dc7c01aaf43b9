import hiwar.common.multilingual
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublicProfile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('is_the_one', models.BooleanField(default=True, editable=False, unique=True)),
                ('address', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True, verbose_name='postal address')),
                ('hours', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, verbose_name='hours')),
                ('telephone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('press_name', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, verbose_name='who answers the press')),
                ('press_telephone', models.CharField(blank=True, max_length=40, verbose_name='telephone for the press')),
                ('press_email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address for the press')),
                ('security_email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address for security reports')),
                ('officers', models.JSONField(blank=True, default=list, verbose_name='office holders')),
                ('funders', models.JSONField(blank=True, default=list, verbose_name='who pays for the work')),
                ('memberships', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True, verbose_name='memberships')),
                ('interests', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True, verbose_name='register of interests')),
                ('modified_at', models.DateTimeField(editable=False)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('is_the_one', True)), name='publishing_profile_one')],
            },
        ),
    ]
