import django.core.validators
import django.db.models.deletion
import hiwar.common.multilingual
import uuid
from django.conf import settings
from django.db import migrations, models

from hiwar.common.first_migration import FirstMigration


class Migration(FirstMigration):

    dependencies = [
        ('accounts', '__first__'),
        ('dossiers', '0001_initial'),
        ('events', '0001_initial'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Dialogue',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=16, unique=True, verbose_name='code')),
                ('slug', models.SlugField(allow_unicode=True, max_length=80, unique=True, verbose_name='address')),
                ('title', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='title')),
                ('question', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='question')),
                ('introduction', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True, verbose_name='introduction')),
                ('ground_rules', models.JSONField(default=list, verbose_name='ground rules')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('open', 'open'), ('closed', 'closed')], default='draft', max_length=10)),
                ('moderation', models.CharField(choices=[('hold_first', 'shown after review'), ('open', 'shown at once, reviewed after')], default='hold_first', max_length=12)),
                ('risk', models.CharField(choices=[('ordinary', 'ordinary'), ('high', 'high')], default='ordinary', max_length=10)),
                ('publication_tier', models.CharField(choices=[('A', 'counts only'), ('B', 'votes by statement, not linked'), ('C', 'rows of votes')], default='A', max_length=1)),
                ('threshold', models.PositiveSmallIntegerField(default=5, verbose_name='smallest number shown')),
                ('room_threshold', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(5)], verbose_name='smallest room shown alone')),
                ('bridging_share', models.PositiveSmallIntegerField(default=60, validators=[django.core.validators.MinValueValidator(50), django.core.validators.MaxValueValidator(100)], verbose_name='share of a bridging statement, in percent')),
                ('min_votes_per_statement', models.PositiveSmallIntegerField(default=0)),
                ('accepts_open_link', models.BooleanField(default=True)),
                ('asks_about', models.JSONField(default=list)),
                ('calendar', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.calendar')),
                ('dossier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.dossier', verbose_name='dossier')),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
                ('contact_secret', models.CharField(editable=False, max_length=64)),
                ('log_secret', models.CharField(editable=False, max_length=64)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('risk', 'high'), _negated=True), ('publication_tier', 'A'), _connector='OR'), name='dialogues_dialogue_high_risk_counts_only')],
            },
        ),
        migrations.CreateModel(
            name='MapRequest',
            fields=[
                ('dialogue', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='map_request', serialize=False, to='dialogues.dialogue')),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('pause_until', models.DateTimeField(blank=True, null=True)),
                ('mark', models.CharField(blank=True, max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imports', to='dialogues.dialogue')),
                ('kind', models.CharField(choices=[('statements', 'statements'), ('participants', 'registrations'), ('votes', 'votes'), ('messages', 'text messages'), ('forms', 'paper forms'), ('recommendations', 'answers to recommendations')], max_length=16)),
                ('state', models.CharField(choices=[('preview', 'preview'), ('done', 'done'), ('undone', 'undone')], default='preview', max_length=10)),
                ('file_name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('content', models.BinaryField()),
                ('counts', models.JSONField(default=dict)),
                ('problems', models.JSONField(default=list)),
                ('before', models.BinaryField(null=True)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='OpinionMap',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opinion_maps', to='dialogues.dialogue')),
                ('document', models.BinaryField()),
                ('engine_version', models.CharField(max_length=20)),
                ('input_hash', models.CharField(max_length=64)),
                ('participants', models.PositiveIntegerField()),
                ('votes', models.PositiveIntegerField()),
                ('computed_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['dialogue', '-computed_at'], name='dialogues_opinionmap_latest')],
            },
        ),
        migrations.CreateModel(
            name='Outgoing',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outgoing', to='dialogues.dialogue')),
                ('channel', models.CharField(max_length=10)),
                ('language', models.CharField(blank=True, max_length=10)),
                ('sealed', models.TextField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='dialogues.dialogue')),
                ('version', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('draft', 'draft'), ('embargo', 'embargo'), ('published', 'published'), ('withdrawn', 'withdrawn')], default='draft', max_length=10)),
                ('embargo_until', models.DateTimeField(blank=True, null=True)),
                ('opinion_map', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dialogues.opinionmap')),
                ('bundle_hash', models.CharField(blank=True, max_length=64)),
                ('correction', models.TextField(blank=True, verbose_name='what was corrected')),
                ('withdrawal', models.TextField(blank=True, verbose_name='why it was withdrawn')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('document', models.JSONField(default=dict)),
                ('bundle', models.BinaryField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dialogue', 'version'), name='dialogues_publication_version'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'embargo'), _negated=True), ('embargo_until__isnull', False), _connector='OR'), name='dialogues_publication_embargo')],
            },
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rounds', to='dialogues.dialogue')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('kind', models.CharField(choices=[('collect', 'collecting ideas'), ('vote', 'voting'), ('recommend', 'recommendations')], max_length=12)),
                ('state', models.CharField(choices=[('planned', 'planned'), ('open', 'open'), ('closed', 'closed')], default='planned', max_length=10)),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('who_decides', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, verbose_name='who decides')),
                ('decision_on', models.DateField(blank=True, null=True, verbose_name='decision by')),
                ('on_the_table', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True, verbose_name='what is on the table')),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dialogue', 'number'), name='dialogues_round_number'), models.CheckConstraint(condition=models.Q(('starts_on', None), ('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='dialogues_round_order')],
            },
        ),
        migrations.CreateModel(
            name='Recommendation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recommendations', to='dialogues.round')),
                ('code', models.CharField(max_length=10)),
                ('text', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('round', 'code'), name='dialogues_recommendation_code')],
            },
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='targets', to='dialogues.dialogue')),
                ('attribute', models.CharField(max_length=20)),
                ('values', models.JSONField(default=list)),
                ('share', models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True)),
                ('count', models.PositiveIntegerField(blank=True, null=True)),
                ('label', hiwar.common.multilingual.MultilingualField(default=dict)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('share__isnull', False), ('count__isnull', False), _connector='OR'), name='dialogues_target_share_or_count')],
            },
        ),
        migrations.CreateModel(
            name='VotingRoom',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='voting_rooms', to='dialogues.dialogue')),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.room')),
                ('position', models.PositiveSmallIntegerField()),
                ('label', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='name')),
                ('code', models.CharField(max_length=16, unique=True, verbose_name='code')),
                ('is_open', models.BooleanField(default=True)),
                ('added_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dialogue', 'room'), name='dialogues_votingroom_once')],
            },
        ),
        migrations.CreateModel(
            name='Participant',
            fields=[
                ('id', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='dialogues.dialogue')),
                ('name', models.CharField(blank=True, max_length=60, verbose_name='chosen name')),
                ('trust', models.PositiveSmallIntegerField(choices=[(0, 'open link'), (1, 'one-time code'), (2, 'printed code or membership list')], default=0)),
                ('channel', models.CharField(default='web', max_length=10, verbose_name='first channel')),
                ('last_channel', models.CharField(default='web', max_length=10, verbose_name='last channel')),
                ('language', models.CharField(blank=True, max_length=10)),
                ('registration', models.CharField(blank=True, max_length=40)),
                ('contact_key', models.CharField(blank=True, db_index=True, max_length=64)),
                ('is_blocked', models.BooleanField(default=False)),
                ('has_opted_out', models.BooleanField(default=False)),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='dialogues.participant')),
                ('sex', models.CharField(blank=True, max_length=12)),
                ('age_band', models.CharField(blank=True, max_length=12)),
                ('disability', models.CharField(blank=True, max_length=12)),
                ('locality_kind', models.CharField(blank=True, max_length=30)),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
                ('sectors', models.JSONField(blank=True, default=list)),
                ('room', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='participants', to='dialogues.votingroom')),
                ('is_frozen', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['dialogue', 'is_blocked'], name='dialogues_participant_blocked')],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='statements', to='dialogues.dialogue')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('text', hiwar.common.multilingual.MultilingualField(default=dict, is_long=True, verbose_name='text')),
                ('language', models.CharField(max_length=10, verbose_name='written in')),
                ('source', models.CharField(choices=[('seed', 'from the institution'), ('participant', 'from a participant'), ('session', 'from a session')], default='participant', max_length=12)),
                ('state', models.CharField(choices=[('held', 'held for review'), ('open', 'open'), ('rejected', 'not accepted'), ('merged', 'merged'), ('split', 'split'), ('withdrawn', 'withdrawn by its author')], default='held', max_length=10)),
                ('theme', models.CharField(blank=True, max_length=60)),
                ('is_meta', models.BooleanField(default=False, verbose_name='about the participant')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='statements', to='dialogues.participant')),
                ('was_reworded', models.BooleanField(default=False, verbose_name='reworded by its author')),
                ('derived_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='derived', to='dialogues.statement')),
                ('added_at', models.DateTimeField()),
                ('weight', models.FloatField(default=1.0)),
            ],
            options={
                'indexes': [models.Index(fields=['dialogue', 'state'], name='dialogues_statement_state')],
                'constraints': [models.UniqueConstraint(fields=('dialogue', 'number'), name='dialogues_statement_number')],
            },
        ),
        migrations.CreateModel(
            name='CodeBatch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='code_batches', to='dialogues.dialogue')),
                ('label', models.CharField(max_length=100, verbose_name='label')),
                ('trust', models.PositiveSmallIntegerField(choices=[(0, 'open link'), (1, 'one-time code'), (2, 'printed code or membership list')], default=2)),
                ('room', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='code_batches', to='dialogues.votingroom')),
                ('size', models.PositiveIntegerField()),
                ('made_at', models.DateTimeField()),
                ('is_revoked', models.BooleanField(default=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ModerationLease',
            fields=[
                ('statement', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='lease', serialize=False, to='dialogues.statement')),
                ('moderator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('until', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ModerationDecision',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='dialogues.statement')),
                ('outcome', models.CharField(choices=[('accepted', 'accepted'), ('proposed', 'accepted by the first of two'), ('rejected', 'not accepted'), ('merged', 'merged'), ('split', 'split'), ('asked', 'author asked to reword')], max_length=10)),
                ('reason', models.CharField(blank=True, choices=[('insult', 'insult or threat'), ('private', 'private details of somebody'), ('off_topic', 'not about the question'), ('several', 'several ideas in one'), ('repeated', 'says what is said already'), ('unclear', 'cannot be understood')], max_length=12)),
                ('reply', models.TextField(blank=True, verbose_name='reply to the author')),
                ('language', models.CharField(blank=True, max_length=10)),
                ('moderator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_at', models.DateTimeField()),
                ('before', models.JSONField(default=dict)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='appeals', to='dialogues.statement')),
                ('text', models.TextField(verbose_name='objection')),
                ('state', models.CharField(choices=[('open', 'open'), ('upheld', 'decision changed'), ('dismissed', 'decision stands')], default='open', max_length=10)),
                ('answer', models.TextField(blank=True, verbose_name='answer')),
                ('made_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='dialogues.dialogue')),
                ('kind', models.CharField(choices=[('newcomers', 'many people by the open link'), ('statement', 'many votes on one statement'), ('codes', 'many wrong codes')], max_length=10)),
                ('statement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='dialogues.statement')),
                ('count', models.PositiveIntegerField()),
                ('usual', models.PositiveIntegerField(default=0)),
                ('made_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
                ('seen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MessageInQueue',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='queue', to='dialogues.importbatch')),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='message_queue', to='dialogues.dialogue')),
                ('participant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='dialogues.participant')),
                ('text', models.CharField(max_length=500)),
                ('problem', models.CharField(max_length=40)),
                ('is_settled', models.BooleanField(default=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MergeProposal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merge_proposals', to='dialogues.dialogue')),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='dialogues.participant')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='dialogues.participant')),
                ('reason', models.CharField(default='same_phone', max_length=20)),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('accepted', 'accepted'), ('refused', 'refused'), ('undone', 'undone')], default='proposed', max_length=10)),
                ('before', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kept', 'other'), name='dialogues_mergeproposal_pair')],
            },
        ),
        migrations.CreateModel(
            name='JoinCode',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='dialogues.codebatch')),
                ('code_hash', models.CharField(max_length=64, unique=True)),
                ('participant', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='join_code', to='dialogues.participant')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Exposure',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('participant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='exposures', to='dialogues.participant')),
                ('statement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='dialogues.statement')),
                ('probability', models.FloatField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('participant', 'statement'), name='dialogues_exposure_once'), models.CheckConstraint(condition=models.Q(('probability__gt', 0), ('probability__lte', 1)), name='dialogues_exposure_probability')],
            },
        ),
        migrations.CreateModel(
            name='Support',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='dialogues.recommendation')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='dialogues.participant')),
                ('choice', models.CharField(choices=[('support', 'support'), ('abstain', 'abstain'), ('object', 'object')], max_length=8)),
                ('reason', models.TextField(blank=True)),
                ('sequence', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('recommendation', 'participant'), name='dialogues_support_once')],
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('participant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='dialogues.participant')),
                ('statement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='dialogues.statement')),
                ('choice', models.SmallIntegerField(choices=[(1, 'agree'), (0, 'pass'), (-1, 'disagree')])),
                ('is_important', models.BooleanField(default=False)),
                ('channel', models.CharField(default='web', max_length=10)),
                ('sequence', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['statement'], name='dialogues_vote_statement')],
                'constraints': [models.UniqueConstraint(fields=('participant', 'statement'), name='dialogues_vote_once'), models.CheckConstraint(condition=models.Q(('choice__in', (-1, 0, 1))), name='dialogues_vote_choice')],
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wordings', to='dialogues.statement')),
                ('text', hiwar.common.multilingual.MultilingualField(default=dict, is_long=True)),
                ('replaced_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
