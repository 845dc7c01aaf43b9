import django.db.models.deletion
import hiwar.common.multilingual
import uuid
from django.conf import settings
from django.db import migrations, models

from hiwar.common.first_migration import FirstMigration


class Migration(FirstMigration):

    dependencies = [
        ('contacts', '0002_rows_of_import_runs'),
        ('dialogues', '0004_outer_contact_key'),
        ('dossiers', '0002_numbers_of_letters'),
        ('events', '0002_import_runs'),
        ('evidence', '0001_initial'),
        ('legislation', '0003_consultations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visibility', models.CharField(choices=[('personal', 'only me'), ('team', 'named colleagues'), ('institution', 'staff'), ('coalition', 'partners of a coalition'), ('official', 'officials by link'), ('press', 'press, under embargo'), ('public', 'everybody')], default='institution', max_length=12, verbose_name='who may read it')),
                ('code', models.SlugField(max_length=60, unique=True, verbose_name='address')),
                ('kind', models.CharField(max_length=30, verbose_name='kind')),
                ('title', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='title')),
                ('byline', models.TextField(blank=True, max_length=1000, verbose_name='who wrote it')),
                ('language', models.CharField(max_length=12, verbose_name='written in')),
                ('languages', models.JSONField(default=list, verbose_name='languages that are owed')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('review', 'in review'), ('frozen', 'frozen'), ('published', 'published'), ('corrected', 'corrected'), ('withdrawn', 'withdrawn')], default='draft', max_length=10, verbose_name='state')),
                ('started_at', models.DateTimeField(editable=False)),
                ('changed_at', models.DateTimeField(editable=False)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('dossier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.dossier', verbose_name='dossier')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('readers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='named colleagues')),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Block',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('heading', 'heading'), ('paragraph', 'paragraph'), ('list', 'list'), ('quote', 'quotation'), ('table', 'table'), ('figure', 'figure in numbers'), ('note', 'note'), ('recommendation', 'recommendation')], default='paragraph', max_length=14, verbose_name='kind')),
                ('part', models.SlugField(blank=True, max_length=30, verbose_name='required part')),
                ('texts', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True, verbose_name='text')),
                ('position', models.PositiveIntegerField(editable=False)),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('moves', models.PositiveIntegerField(default=0, editable=False)),
                ('only_reason', models.CharField(blank=True, max_length=300, verbose_name='why it stands in one language')),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blocks', to='papers.paper')),
            ],
            options={
                'indexes': [models.Index(fields=['paper', 'position'], name='papers_block_order')],
            },
        ),
        migrations.CreateModel(
            name='PaperVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('content', models.TextField(editable=False)),
                ('sha256', models.CharField(editable=False, max_length=64)),
                ('frozen_at', models.DateTimeField(editable=False)),
                ('correction', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True, verbose_name='what was corrected, and why')),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('withdrawal', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True, verbose_name='why it was withdrawn')),
                ('frozen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='papers.paper')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('paper', 'number'), name='papers_version_number')],
            },
        ),
        migrations.CreateModel(
            name='Recommendation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('touches_money', models.BooleanField(default=False, verbose_name='touches money')),
                ('budget', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True, verbose_name='what it costs, and from which head')),
                ('gender_marker', models.PositiveSmallIntegerField(blank=True, choices=[(0, '0: does not contribute to equality'), (1, '1: contributes in a limited way'), (2, '2: equality is a significant objective'), (3, '3: equality is the principal objective')], null=True, verbose_name='gender marker')),
                ('barrier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.barrier', verbose_name='barrier')),
                ('block', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='recommendation', to='papers.block')),
                ('post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.post', verbose_name='to which post')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='EquityNote',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('group', models.CharField(max_length=30, verbose_name='group')),
                ('gains', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True, verbose_name='who gains, and what')),
                ('loses', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True, verbose_name='who may lose, and what softens it')),
                ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='equity_notes', to='papers.recommendation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('recommendation', 'group'), name='papers_equitynote_once')],
            },
        ),
        migrations.CreateModel(
            name='Citation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(editable=False)),
                ('locator', models.CharField(blank=True, max_length=60, verbose_name='place in the source')),
                ('seen', models.JSONField(default=dict, editable=False)),
                ('seen_at', models.DateTimeField(editable=False)),
                ('added_at', models.DateTimeField(editable=False)),
                ('dropped_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('article', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.instrumentarticle', verbose_name='article')),
                ('comment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='legislation.comment', verbose_name='comment')),
                ('conclusion', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.conclusion', verbose_name='conclusion')),
                ('event', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.event', verbose_name='event')),
                ('fact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.fact', verbose_name='fact')),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.evidenceitem', verbose_name='evidence')),
                ('media_item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.mediaitem', verbose_name='media item')),
                ('provision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='legislation.provision', verbose_name='provision')),
                ('seen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.source', verbose_name='source')),
                ('statement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dialogues.statement', verbose_name='statement')),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='papers.paper')),
                ('recommendation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='citations', to='papers.recommendation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('paper', 'number'), name='papers_citation_number'), models.CheckConstraint(condition=models.Q(models.Q(('article__isnull', True), ('comment__isnull', True), ('conclusion__isnull', True), ('event__isnull', True), ('fact__isnull', True), ('item__isnull', True), ('media_item__isnull', True), ('provision__isnull', True), ('source__isnull', True), ('statement__isnull', False)), models.Q(('article__isnull', True), ('comment__isnull', True), ('conclusion__isnull', False), ('event__isnull', True), ('fact__isnull', True), ('item__isnull', True), ('media_item__isnull', True), ('provision__isnull', True), ('source__isnull', True), ('statement__isnull', True)), models.Q(('article__isnull', True), ('comment__isnull', True), ('conclusion__isnull', True), ('event__isnull', False), ('fact__isnull', True), ('item__isnull', True), ('media_item__isnull', True), ('provision__isnull', True), ('source__isnull', True), ('statement__isnull', True)), models.Q(('article__isnull', True), ('comment__isnull', True), ('conclusion__isnull', True), ('event__isnull', True), ('fact__isnull', False), ('item__isnull', True), ('media_item__isnull', True), ('provision__isnull', True), ('source__isnull', True), ('statement__isnull', True)), models.Q(('article__isnull', True), ('comment__isnull', True), ('conclusion__isnull', True), ('event__isnull', True), ('fact__isnull', True), ('item__isnull', True), ('media_item__isnull', True), ('provision__isnull', False), ('source__isnull', True), ('statement__isnull', True)), models.Q(('article__isnull', True), ('comment__isnull', False), ('conclusion__isnull', True), ('event__isnull', True), ('fact__isnull', True), ('item__isnull', True), ('media_item__isnull', True), ('provision__isnull', True), ('source__isnull', True), ('statement__isnull', True)), models.Q(('article__isnull', True), ('comment__isnull', True), ('conclusion__isnull', True), ('event__isnull', True), ('fact__isnull', True), ('item__isnull', False), ('media_item__isnull', True), ('provision__isnull', True), ('source__isnull', True), ('statement__isnull', True)), models.Q(('article__isnull', False), ('comment__isnull', True), ('conclusion__isnull', True), ('event__isnull', True), ('fact__isnull', True), ('item__isnull', True), ('media_item__isnull', True), ('provision__isnull', True), ('source__isnull', True), ('statement__isnull', True)), models.Q(('article__isnull', True), ('comment__isnull', True), ('conclusion__isnull', True), ('event__isnull', True), ('fact__isnull', True), ('item__isnull', True), ('media_item__isnull', False), ('provision__isnull', True), ('source__isnull', True), ('statement__isnull', True)), models.Q(('article__isnull', True), ('comment__isnull', True), ('conclusion__isnull', True), ('event__isnull', True), ('fact__isnull', True), ('item__isnull', True), ('media_item__isnull', True), ('provision__isnull', True), ('source__isnull', False), ('statement__isnull', True)), _connector='OR'), name='papers_citation_of_one')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('due_on', models.DateField(verbose_name='until')),
                ('asked_at', models.DateTimeField(editable=False)),
                ('finished_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('verdict', models.TextField(blank=True, max_length=2000, verbose_name='what you think of it as a whole')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='papers.paper')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reviewer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('finished_at', None)), fields=('paper', 'reviewer'), name='papers_review_open')],
            },
        ),
        migrations.CreateModel(
            name='ReviewComment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('revision', models.PositiveIntegerField(editable=False)),
                ('language', models.CharField(max_length=12)),
                ('quote', models.TextField(blank=True, max_length=1000, verbose_name='the words it is about')),
                ('before', models.CharField(blank=True, editable=False, max_length=200)),
                ('after', models.CharField(blank=True, editable=False, max_length=200)),
                ('text', models.TextField(max_length=4000, verbose_name='comment')),
                ('written_at', models.DateTimeField(editable=False)),
                ('disposition', models.CharField(blank=True, choices=[('taken_up', 'taken up'), ('in_part', 'taken up in part'), ('not_taken_up', 'not taken up'), ('out_of_scope', 'out of scope')], max_length=12, verbose_name='what became of it')),
                ('answer', models.TextField(blank=True, max_length=2000, verbose_name='reason')),
                ('answered_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='papers.block')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='papers.review')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('disposition__in', ['in_part', 'not_taken_up']), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='papers_comment_reason')],
            },
        ),
        migrations.CreateModel(
            name='BlockConflict',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('what', models.CharField(max_length=10)),
                ('language', models.CharField(blank=True, max_length=12)),
                ('base', models.JSONField(default=dict)),
                ('current', models.JSONField(default=dict)),
                ('mine', models.JSONField(default=dict)),
                ('made_at', models.DateTimeField(editable=False)),
                ('edit_key', models.UUIDField(editable=False, null=True)),
                ('settled_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to='papers.block')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['block', 'settled_at'], name='papers_conflict_open')],
            },
        ),
        migrations.CreateModel(
            name='BlockVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('revision', models.PositiveIntegerField()),
                ('what', models.CharField(choices=[('added', 'added'), ('edited', 'edited'), ('joined', 'joined with another edit'), ('moved', 'moved'), ('deleted', 'deleted'), ('restored', 'brought back'), ('settled', 'decided between two')], max_length=10)),
                ('kind', models.CharField(choices=[('heading', 'heading'), ('paragraph', 'paragraph'), ('list', 'list'), ('quote', 'quotation'), ('table', 'table'), ('figure', 'figure in numbers'), ('note', 'note'), ('recommendation', 'recommendation')], max_length=14)),
                ('texts', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True)),
                ('edited_at', models.DateTimeField(editable=False)),
                ('edit_key', models.UUIDField(editable=False, null=True)),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='papers.block')),
                ('edited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('block', 'revision'), name='papers_blockversion_once'), models.UniqueConstraint(fields=('block', 'edit_key'), name='papers_blockversion_edit')],
            },
        ),
        migrations.CreateModel(
            name='LanguageCheck',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('language', models.CharField(max_length=12)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('checked_at', models.DateTimeField(editable=False)),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='papers.block')),
                ('checked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('block', 'language'), name='papers_check_once')],
            },
        ),
    ]
