import django.core.validators
import django.db.models.deletion
import hiwar.common.multilingual
import uuid
from django.conf import settings
from django.db import migrations, models

from hiwar.common.first_migration import FirstMigration


class Migration(FirstMigration):

    dependencies = [
        ('common', '0003_stored_files'),
        ('dossiers', '0002_numbers_of_letters'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Instrument',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visibility', models.CharField(choices=[('personal', 'only me'), ('team', 'named colleagues'), ('institution', 'staff'), ('coalition', 'partners of a coalition'), ('official', 'officials by link'), ('press', 'press, under embargo'), ('public', 'everybody')], default='institution', max_length=12, verbose_name='who may read it')),
                ('kind', models.CharField(choices=[('treaty', 'treaty'), ('resolution', 'resolution'), ('declaration', 'declaration'), ('general_comment', 'general comment'), ('other', 'other instrument')], default='treaty', max_length=20, verbose_name='kind')),
                ('symbol', models.CharField(max_length=60, unique=True, verbose_name='short name or symbol')),
                ('title', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='title')),
                ('body', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, verbose_name='adopted by')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('adopted_on', models.DateField(blank=True, null=True, verbose_name='adopted on')),
                ('in_force_on', models.DateField(blank=True, null=True, verbose_name='in force since')),
                ('url', models.URLField(blank=True, max_length=500, verbose_name='address of the text')),
                ('checked_on', models.DateField(blank=True, editable=False, null=True, verbose_name='last looked at')),
                ('added_at', models.DateTimeField(editable=False)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('readers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='named colleagues')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visibility', models.CharField(choices=[('personal', 'only me'), ('team', 'named colleagues'), ('institution', 'staff'), ('coalition', 'partners of a coalition'), ('official', 'officials by link'), ('press', 'press, under embargo'), ('public', 'everybody')], default='institution', max_length=12, verbose_name='who may read it')),
                ('quality', models.CharField(blank=True, choices=[('strong', 'strong'), ('usable', 'usable with care'), ('weak', 'weak')], max_length=10, verbose_name='quality')),
                ('quality_reason', models.CharField(blank=True, max_length=500, verbose_name='why')),
                ('judged_on', models.DateField(blank=True, null=True)),
                ('kind', models.CharField(choices=[('report', 'report'), ('book', 'book'), ('chapter', 'chapter of a book'), ('article-journal', 'article of a journal'), ('article-newspaper', 'article of a newspaper'), ('webpage', 'page of a site'), ('dataset', 'data set'), ('thesis', 'thesis'), ('legislation', 'law or decree'), ('speech', 'speech or statement'), ('document', 'other document')], default='report', max_length=20, verbose_name='kind')),
                ('title', models.CharField(max_length=500, verbose_name='title')),
                ('language', models.CharField(max_length=12, verbose_name='language')),
                ('authors', models.JSONField(blank=True, default=list, verbose_name='authors')),
                ('container', models.CharField(blank=True, max_length=300, verbose_name='journal, book or site')),
                ('publisher', models.CharField(blank=True, max_length=300, verbose_name='publisher')),
                ('publisher_place', models.CharField(blank=True, max_length=100, verbose_name='place of publication')),
                ('issued', models.CharField(blank=True, max_length=10, validators=[django.core.validators.RegexValidator('^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$', 'A year, or a day as 2027-03-31.')], verbose_name='published')),
                ('volume', models.CharField(blank=True, max_length=20, verbose_name='volume')),
                ('issue', models.CharField(blank=True, max_length=20, verbose_name='issue')),
                ('pages', models.CharField(blank=True, max_length=40, verbose_name='pages')),
                ('number', models.CharField(blank=True, max_length=60, verbose_name='number or symbol')),
                ('doi', models.CharField(blank=True, max_length=200, verbose_name='DOI')),
                ('isbn', models.CharField(blank=True, max_length=20, verbose_name='ISBN')),
                ('url', models.URLField(blank=True, max_length=500, verbose_name='address')),
                ('note', models.TextField(blank=True, max_length=5000, verbose_name='note')),
                ('checked_on', models.DateField(blank=True, editable=False, null=True, verbose_name='last looked at')),
                ('added_at', models.DateTimeField(editable=False)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('import_run', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='common.importrun')),
                ('judged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('readers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='named colleagues')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='EvidenceItem',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visibility', models.CharField(choices=[('personal', 'only me'), ('team', 'named colleagues'), ('institution', 'staff'), ('coalition', 'partners of a coalition'), ('official', 'officials by link'), ('press', 'press, under embargo'), ('public', 'everybody')], default='institution', max_length=12, verbose_name='who may read it')),
                ('quality', models.CharField(blank=True, choices=[('strong', 'strong'), ('usable', 'usable with care'), ('weak', 'weak')], max_length=10, verbose_name='quality')),
                ('quality_reason', models.CharField(blank=True, max_length=500, verbose_name='why')),
                ('judged_on', models.DateField(blank=True, null=True)),
                ('kind', models.CharField(choices=[('study', 'finding of a study'), ('statistic', 'statistic'), ('testimony', 'testimony')], max_length=20, verbose_name='kind')),
                ('text', hiwar.common.multilingual.MultilingualField(default=dict, is_long=True, verbose_name='what is known')),
                ('figure', models.CharField(blank=True, max_length=60, verbose_name='figure')),
                ('locator', models.CharField(blank=True, max_length=60, verbose_name='place in the source')),
                ('added_at', models.DateTimeField(editable=False)),
                ('corrected_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dossier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.dossier', verbose_name='dossier')),
                ('judged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('readers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='named colleagues')),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='evidence.source', verbose_name='source')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind', 'testimony'), ('source__isnull', False), _connector='OR'), name='evidence_item_source')],
            },
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('on', models.DateField(verbose_name='looked at on')),
                ('result', models.CharField(choices=[('holds', 'says the same'), ('changed', 'says something else now'), ('gone', 'cannot be reached any more')], max_length=10, verbose_name='what it says')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('recorded_at', models.DateTimeField(editable=False)),
                ('checked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('instrument', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='evidence.instrument')),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='evidence.source')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('instrument', None), ('source__isnull', False)), models.Q(('instrument__isnull', False), ('source', None)), _connector='OR'), name='evidence_check_of_one')],
            },
        ),
        migrations.CreateModel(
            name='SourceCopy',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('taken_on', models.DateField(verbose_name='as it was on')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('added_at', models.DateTimeField(editable=False)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='common.storedfile')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='copies', to='evidence.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Testimony',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('chosen_name', models.CharField(max_length=120, verbose_name='chosen name')),
                ('sealed_person', models.BinaryField(default=bytes)),
                ('consent_on', models.DateField(verbose_name='agreed on')),
                ('consent_ends_on', models.DateField(blank=True, null=True, verbose_name='agreed until')),
                ('withdrawn_on', models.DateField(blank=True, editable=False, null=True, verbose_name='withdrawn on')),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='testimony', to='evidence.evidenceitem')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='InstrumentArticle',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('article', models.CharField(max_length=20, verbose_name='article')),
                ('paragraph', models.CharField(blank=True, max_length=20, verbose_name='paragraph')),
                ('text', hiwar.common.multilingual.MultilingualField(default=dict, is_long=True, verbose_name='what it says')),
                ('position', models.PositiveIntegerField(editable=False)),
                ('instrument', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='articles', to='evidence.instrument')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('instrument', 'article', 'paragraph'), name='evidence_article_once')],
            },
        ),
        migrations.CreateModel(
            name='ItemVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('text', hiwar.common.multilingual.MultilingualField(default=dict, is_long=True, verbose_name='what was known')),
                ('figure', models.CharField(blank=True, max_length=60, verbose_name='figure')),
                ('replaced_at', models.DateTimeField(editable=False)),
                ('reason', models.CharField(max_length=300, verbose_name='why it is corrected')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='evidence.evidenceitem')),
                ('replaced_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('item', 'number'), name='evidence_version_number')],
            },
        ),
        migrations.CreateModel(
            name='MediaItem',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visibility', models.CharField(choices=[('personal', 'only me'), ('team', 'named colleagues'), ('institution', 'staff'), ('coalition', 'partners of a coalition'), ('official', 'officials by link'), ('press', 'press, under embargo'), ('public', 'everybody')], default='institution', max_length=12, verbose_name='who may read it')),
                ('code', models.CharField(blank=True, max_length=40, verbose_name='code')),
                ('published_on', models.DateField(verbose_name='published on')),
                ('outlet', models.CharField(max_length=200, verbose_name='medium')),
                ('medium', models.CharField(choices=[('press', 'press'), ('online', 'online'), ('radio', 'radio'), ('television', 'television'), ('agency', 'news agency'), ('social', 'social page'), ('foreign', 'foreign press'), ('other', 'other medium')], max_length=20, verbose_name='kind of medium')),
                ('language', models.CharField(max_length=12, verbose_name='language')),
                ('headline', models.CharField(max_length=500, verbose_name='headline')),
                ('topic', models.CharField(blank=True, max_length=120, verbose_name='topic')),
                ('tone', models.CharField(choices=[('positive', 'positive'), ('neutral', 'neutral'), ('negative', 'negative')], max_length=10, verbose_name='tone')),
                ('cites_institution', models.BooleanField(default=False, verbose_name='cites the institution')),
                ('reach', models.PositiveIntegerField(blank=True, null=True, verbose_name='people reached, estimated')),
                ('url', models.URLField(blank=True, max_length=500, verbose_name='address')),
                ('added_at', models.DateTimeField(editable=False)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dossier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.dossier', verbose_name='dossier')),
                ('import_run', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='common.importrun')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('readers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='named colleagues')),
            ],
            options={
                'indexes': [models.Index(fields=['-published_on'], name='evidence_media_day')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('code',), name='evidence_media_code')],
            },
        ),
    ]
