import django.db.models.deletion
import hiwar.common.multilingual
import uuid
from django.conf import settings
from django.db import migrations, models

from hiwar.common.first_migration import FirstMigration


class Migration(FirstMigration):

    dependencies = [
        ('accounts', '__first__'),
        ('common', '0001_initial'),
        ('contacts', '0001_initial'),
        ('dossiers', '0001_initial'),
        ('events', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ThemeTag',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.SlugField(max_length=60, unique=True, verbose_name='code')),
                ('name', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='name')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Route',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('origin', models.CharField(max_length=80, verbose_name='from')),
                ('destination', models.CharField(max_length=80, verbose_name='to')),
                ('mode', models.CharField(choices=[('bus', 'bus'), ('car', 'car'), ('walk', 'on foot')], default='bus', max_length=6, verbose_name='by')),
                ('kilometres', models.PositiveSmallIntegerField(default=0, verbose_name='kilometres')),
                ('typical_minutes', models.PositiveSmallIntegerField(verbose_name='minutes on an ordinary day')),
                ('bad_day_minutes', models.PositiveSmallIntegerField(verbose_name='minutes on a bad day')),
                ('crossing', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, verbose_name='crossing or checkpoint')),
                ('opens', models.TimeField(blank=True, null=True, verbose_name='opens at')),
                ('closes', models.TimeField(blank=True, null=True, verbose_name='closes at')),
                ('permit', models.CharField(blank=True, max_length=60, verbose_name='permit asked for')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('origin', 'destination'), name='visits_route_once')],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visibility', models.CharField(choices=[('personal', 'only me'), ('team', 'named colleagues'), ('institution', 'staff'), ('coalition', 'partners of a coalition'), ('official', 'officials by link'), ('press', 'press, under embargo'), ('public', 'everybody')], default='institution', max_length=12, verbose_name='who may read it')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('code', models.CharField(max_length=40, unique=True, verbose_name='code')),
                ('title', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='title')),
                ('state', models.CharField(choices=[('idea', 'idea'), ('invited', 'invited'), ('confirmed', 'confirmed'), ('draft', 'programme in draft'), ('fixed', 'programme fixed'), ('under_way', 'under way'), ('held', 'held'), ('postponed', 'postponed'), ('cancelled', 'cancelled'), ('followed_up', 'followed up'), ('closed', 'closed')], default='idea', max_length=12, verbose_name='state')),
                ('reason_class', models.CharField(blank=True, choices=[('refused_entry', 'refused entry'), ('security', 'security'), ('health', 'health'), ('sender', "the sender's own reasons"), ('other', 'other reasons')], default='', max_length=16, verbose_name='kind of reason')),
                ('sender', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, verbose_name='who sends the delegation')),
                ('partner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.organisation')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('zone', models.CharField(max_length=60, verbose_name='time zone')),
                ('home_zone', models.CharField(blank=True, max_length=60, verbose_name='time zone at home')),
                ('members_hidden', models.BooleanField(default=True, verbose_name='names stay inside until arrival')),
                ('languages', models.JSONField(default=list, verbose_name='languages of the pack')),
                ('vehicle', models.CharField(blank=True, max_length=120, verbose_name='vehicle')),
                ('buffer_minutes', models.PositiveSmallIntegerField(default=30, verbose_name='spare minutes per leg')),
                ('access_check', models.CharField(blank=True, max_length=200, verbose_name='when access is checked')),
                ('emergency', models.JSONField(blank=True, default=list, verbose_name='emergency numbers')),
                ('summary', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True, verbose_name='what the public may read')),
                ('statement', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True, verbose_name='holding statement')),
                ('documents_kept_days', models.PositiveSmallIntegerField(default=14, verbose_name='days that travel documents are kept')),
                ('report_due_on', models.DateField(blank=True, null=True, verbose_name='report due on')),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
                ('published_at', models.DateTimeField(editable=False, null=True)),
                ('copied_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='visits.visit')),
                ('created_at', models.DateTimeField(editable=False)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('readers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='named colleagues')),
                ('dossiers', models.ManyToManyField(blank=True, related_name='+', to='dossiers.dossier', verbose_name='dossiers')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='visits_visit_order')],
            },
        ),
        migrations.CreateModel(
            name='Traveller',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='travellers', to='visits.visit')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('name', models.CharField(max_length=160, verbose_name='name as in the passport')),
                ('name_ar', models.CharField(blank=True, max_length=160, verbose_name='name in Arabic letters')),
                ('role', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, verbose_name='function')),
                ('party', models.CharField(blank=True, max_length=120, verbose_name='party')),
                ('variant', models.CharField(choices=[('member', 'member'), ('staff', 'staff'), ('press', 'press')], max_length=8, verbose_name='receives the pack of')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('diet', models.CharField(blank=True, max_length=60, verbose_name='diet')),
                ('needs', models.CharField(blank=True, max_length=200, verbose_name='needs')),
                ('is_step_free', models.BooleanField(default=False, verbose_name='needs step-free ways')),
                ('is_head', models.BooleanField(default=False, verbose_name='head of the delegation')),
                ('bio', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True, verbose_name='about the person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('visit', 'number'), name='visits_traveller_number')],
            },
        ),
        migrations.CreateModel(
            name='TalkingPoint',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='points', to='visits.visit')),
                ('text', hiwar.common.multilingual.MultilingualField(default=dict, is_long=True, verbose_name='point')),
                ('reference', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='what it rests on')),
                ('address', models.URLField(blank=True, verbose_name='address')),
                ('checked_on', models.DateField(blank=True, null=True, verbose_name='checked on')),
                ('theme', models.CharField(blank=True, max_length=60, verbose_name='theme')),
                ('is_for_members', models.BooleanField(default=True, verbose_name='for members')),
                ('is_for_press', models.BooleanField(default=True, verbose_name='also for the press')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ShareLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='visits.visit')),
                ('traveller', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='links', to='visits.traveller')),
                ('colleague', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='colleague')),
                ('kind', models.CharField(choices=[('programme', 'programme and calendar'), ('feedback', 'feedback form')], max_length=10, verbose_name='kind')),
                ('private_link', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='common.privatelink')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('traveller__isnull', False), ('colleague__isnull', False), _connector='OR'), name='visits_sharelink_holder')],
            },
        ),
        migrations.CreateModel(
            name='PackText',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='visits.visit')),
                ('kind', models.CharField(choices=[('letter', 'cover letter'), ('brief', 'issue brief'), ('advice', 'safety and etiquette'), ('risk', 'risk note'), ('glossary', 'glossary')], max_length=10, verbose_name='kind')),
                ('title', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='title')),
                ('body', hiwar.common.multilingual.MultilingualField(default=dict, is_long=True, verbose_name='text')),
                ('is_for_members', models.BooleanField(default=True, verbose_name='for members')),
                ('is_for_press', models.BooleanField(default=False, verbose_name='also for the press')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PackHost',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hosts', to='visits.visit')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.organisation')),
                ('about', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True, verbose_name='about the host')),
                ('is_for_press', models.BooleanField(default=False, verbose_name='also for the press')),
                ('risk', models.TextField(blank=True, max_length=2000, verbose_name='risk note, for staff only')),
                ('contacts', models.ManyToManyField(blank=True, related_name='+', to='contacts.interaction', verbose_name='last contacts in the pack')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('visit', 'organisation'), name='visits_packhost_once')],
            },
        ),
        migrations.CreateModel(
            name='PackBuild',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='packs', to='visits.visit')),
                ('version', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('done', 'made'), ('failed', 'failed')], default='waiting', max_length=8, verbose_name='state')),
                ('wanted', models.JSONField(default=list)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('error', models.CharField(blank=True, default='', max_length=200)),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'asked_at'], name='visits_pack_waiting')],
            },
        ),
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feedback', to='visits.visit')),
                ('score', models.PositiveSmallIntegerField(verbose_name='how useful, from 1 to 5')),
                ('best', models.TextField(blank=True, verbose_name='what was worth most')),
                ('better', models.TextField(blank=True, verbose_name='what should be better')),
                ('language', models.CharField(blank=True, max_length=12)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('score__gte', 1), ('score__lte', 5)), name='visits_feedback_score')],
            },
        ),
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bookings', to='visits.visit')),
                ('kind', models.CharField(choices=[('nights', 'nights'), ('transport', 'transport'), ('meal', 'meal'), ('interpreter', 'interpreter'), ('hall', 'hall')], max_length=12, verbose_name='kind')),
                ('state', models.CharField(choices=[('planned', 'planned'), ('booked', 'booked'), ('to_cancel', 'to be cancelled'), ('cancelled', 'cancelled')], default='planned', max_length=10, verbose_name='state')),
                ('title', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='what')),
                ('venue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.venue')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='first day')),
                ('nights', models.PositiveSmallIntegerField(default=0, verbose_name='nights')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='VisitItem',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='visits.visit')),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.event')),
                ('status', models.CharField(choices=[('idea', 'idea'), ('requested', 'requested'), ('confirmed', 'confirmed'), ('briefed', 'briefed'), ('done', 'done'), ('cancelled', 'cancelled')], default='requested', max_length=10, verbose_name='status')),
                ('needs_interpreter', models.BooleanField(default=False, verbose_name='needs an interpreter')),
                ('interpreter', models.CharField(blank=True, max_length=120, verbose_name='interpreter')),
                ('most_people', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='at most, people')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone on the day')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note for staff')),
                ('plan_b', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True, verbose_name='plan B')),
                ('fallback', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True, verbose_name='fall-back steps, one on each line')),
                ('original_on', models.DateField(blank=True, editable=False, null=True, verbose_name='original day')),
                ('original_form', models.CharField(blank=True, default='', editable=False, max_length=12)),
                ('override_reason', models.CharField(blank=True, max_length=300, verbose_name='why two things at once are right')),
                ('met_female', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='women met')),
                ('met_male', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='men met')),
                ('met_other', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='others met')),
                ('organisations', models.ManyToManyField(blank=True, related_name='+', to='contacts.organisation', verbose_name='hosts')),
                ('posts', models.ManyToManyField(blank=True, related_name='+', to='contacts.post', verbose_name='posts')),
                ('speakers', models.ManyToManyField(blank=True, related_name='+', to='contacts.person', verbose_name='who speaks')),
                ('staff', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='our colleagues there')),
                ('themes', models.ManyToManyField(blank=True, related_name='items', to='visits.themetag')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Undertaking',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='undertakings', to='visits.visit')),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='undertakings', to='visits.visititem')),
                ('text', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='what')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who sees to it')),
                ('due_on', models.DateField(verbose_name='by')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='done on')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MeetingNote',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='visits.visititem')),
                ('kind', models.CharField(choices=[('minutes', 'minutes, for staff'), ('answer', 'written answer')], max_length=8, verbose_name='kind')),
                ('said_by', models.CharField(blank=True, max_length=160, verbose_name='who said it, for staff only')),
                ('text', models.TextField(verbose_name='text')),
                ('at', models.DateTimeField(verbose_name='when it was said')),
                ('recorded_at', models.DateTimeField(editable=False)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Leg',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='leg', to='visits.visititem')),
                ('origin', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, verbose_name='from')),
                ('mode', models.CharField(choices=[('bus', 'bus'), ('car', 'car'), ('walk', 'on foot')], default='bus', max_length=6, verbose_name='by')),
                ('kilometres', models.PositiveSmallIntegerField(default=0, verbose_name='kilometres')),
                ('typical_minutes', models.PositiveSmallIntegerField(verbose_name='minutes on an ordinary day')),
                ('bad_day_minutes', models.PositiveSmallIntegerField(verbose_name='minutes on a bad day')),
                ('buffer_minutes', models.PositiveSmallIntegerField(default=0, verbose_name='spare minutes')),
                ('crossing', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, verbose_name='crossing or checkpoint')),
                ('opens', models.TimeField(blank=True, null=True, verbose_name='opens at')),
                ('closes', models.TimeField(blank=True, null=True, verbose_name='closes at')),
                ('permit', models.CharField(blank=True, max_length=60, verbose_name='permit asked for')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('bad_day_minutes__gte', models.F('typical_minutes'))), name='visits_leg_minutes')],
            },
        ),
        migrations.CreateModel(
            name='VisitVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='visits.visit')),
                ('number', models.PositiveIntegerField()),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason, for staff only')),
                ('changes', models.JSONField(default=list)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('visit', 'number'), name='visits_version_number')],
            },
        ),
        migrations.CreateModel(
            name='PackFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('build', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='visits.packbuild')),
                ('variant', models.CharField(choices=[('member', 'member'), ('staff', 'staff'), ('press', 'press')], max_length=8)),
                ('language', models.CharField(max_length=12)),
                ('pages', models.PositiveSmallIntegerField()),
                ('size', models.PositiveIntegerField()),
                ('content', models.BinaryField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('build', 'variant', 'language'), name='visits_packfile_once')],
            },
        ),
        migrations.CreateModel(
            name='Permit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('traveller', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='permits', to='visits.traveller')),
                ('kind', models.CharField(max_length=60, verbose_name='permit')),
                ('state', models.CharField(choices=[('asked', 'asked for'), ('given', 'given'), ('refused', 'refused')], default='asked', max_length=8, verbose_name='state')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='valid until')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('traveller', 'kind'), name='visits_permit_once')],
            },
        ),
        migrations.CreateModel(
            name='TravellerDocument',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('traveller', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='visits.traveller')),
                ('kind', models.CharField(choices=[('passport', 'passport'), ('identity', 'identity card'), ('other', 'other')], max_length=10, verbose_name='kind')),
                ('sealed', models.BinaryField()),
                ('delete_on', models.DateField(editable=False)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('added_at', models.DateTimeField(editable=False)),
            ],
            options={
                'indexes': [models.Index(fields=['delete_on'], name='visits_document_delete')],
            },
        ),
    ]
