import django.db.models.deletion
import hiwar.common.multilingual
import uuid
from django.conf import settings
from django.db import migrations, models

from hiwar.common.first_migration import FirstMigration


class Migration(FirstMigration):

    dependencies = [
        ('accounts', '__first__'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ColumnMapping',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('headings', models.CharField(max_length=64, unique=True)),
                ('mapping', models.JSONField(default=dict)),
                ('used_at', models.DateTimeField(editable=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ContactFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('file_name', models.CharField(max_length=200, verbose_name='file')),
                ('sha256', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('preview', 'being looked at'), ('done', 'brought in'), ('undone', 'undone')], default='preview', max_length=12, verbose_name='state')),
                ('header', models.JSONField(default=list)),
                ('rows', models.JSONField(default=list)),
                ('mapping', models.JSONField(default=dict)),
                ('problems', models.JSONField(default=list)),
                ('counts', models.JSONField(default=dict)),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_at', models.DateTimeField(editable=False)),
            ],
            options={
                'indexes': [models.Index(fields=['-made_at'], name='contacts_file_made')],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visibility', models.CharField(choices=[('personal', 'only me'), ('team', 'named colleagues'), ('institution', 'staff'), ('coalition', 'partners of a coalition'), ('official', 'officials by link'), ('press', 'press, under embargo'), ('public', 'everybody')], default='institution', max_length=12, verbose_name='who may read it')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('code', models.CharField(blank=True, db_index=True, max_length=40, verbose_name='code')),
                ('name', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='name')),
                ('search_text', models.TextField(blank=True, editable=False)),
                ('short_name', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, verbose_name='short name')),
                ('kind', models.CharField(blank=True, max_length=40, verbose_name='kind')),
                ('sector', models.CharField(blank=True, max_length=40, verbose_name='sector')),
                ('languages', models.JSONField(blank=True, default=list, verbose_name='languages')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place', verbose_name='place')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='contacts.organisation')),
                ('stance', models.CharField(blank=True, max_length=120, verbose_name='stance')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='contacts.organisation')),
                ('created_at', models.DateTimeField(editable=False)),
                ('modified_at', models.DateTimeField(editable=False, null=True)),
                ('removed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('readers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='named colleagues')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visibility', models.CharField(choices=[('personal', 'only me'), ('team', 'named colleagues'), ('institution', 'staff'), ('coalition', 'partners of a coalition'), ('official', 'officials by link'), ('press', 'press, under embargo'), ('public', 'everybody')], default='institution', max_length=12, verbose_name='who may read it')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('code', models.CharField(blank=True, db_index=True, max_length=40, verbose_name='code')),
                ('shown_name', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='name')),
                ('sort_name', models.CharField(blank=True, editable=False, max_length=200)),
                ('honorific', models.CharField(blank=True, max_length=40, verbose_name='honorific')),
                ('sex', models.CharField(blank=True, choices=[('female', 'female'), ('male', 'male'), ('other', 'other'), ('', 'not stated')], default='', max_length=12, verbose_name='sex')),
                ('birth_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='year of birth')),
                ('disability', models.CharField(blank=True, max_length=12, verbose_name='disability')),
                ('language', models.CharField(blank=True, max_length=12, verbose_name='language of letters')),
                ('sector', models.CharField(blank=True, max_length=40, verbose_name='sector')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place', verbose_name='place')),
                ('merged_into', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='contacts.person')),
                ('created_at', models.DateTimeField(editable=False)),
                ('modified_at', models.DateTimeField(editable=False, null=True)),
                ('removed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('readers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='named colleagues')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='contacts_person_merged'), models.Index(fields=['sort_name', 'id'], name='contacts_person_sorted')],
            },
        ),
        migrations.CreateModel(
            name='NameKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='name_keys', to='contacts.person')),
                ('key', models.CharField(max_length=60)),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'key'], name='contacts_namekey_person')],
                'constraints': [models.UniqueConstraint(fields=('key', 'person'), name='contacts_namekey_once')],
            },
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merges_kept', to='contacts.person')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merges_other', to='contacts.person')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='why')),
                ('choices', models.JSONField(default=dict)),
                ('before', models.JSONField(default=list)),
                ('added', models.JSONField(default=list)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_at', models.DateTimeField(editable=False)),
                ('undone_at', models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='contacts.organisation', verbose_name='coalition')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='contacts.person')),
                ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='belongs_to', to='contacts.organisation')),
                ('role', models.CharField(blank=True, max_length=80, verbose_name='role')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('member', None), ('person__isnull', False)), models.Q(('member__isnull', False), ('person', None)), _connector='OR'), name='contacts_membership_one_member'), models.CheckConstraint(condition=models.Q(('starts_on', None), ('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='contacts_membership_order')],
            },
        ),
        migrations.CreateModel(
            name='FileRow',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people_rows', to='contacts.contactfile')),
                ('line', models.PositiveIntegerField(verbose_name='row')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='file_rows', to='contacts.person')),
                ('is_new', models.BooleanField(default=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('file', 'line'), name='contacts_filerow_once')],
            },
        ),
        migrations.CreateModel(
            name='DuplicatePair',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pairs_first', to='contacts.person')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pairs_second', to='contacts.person')),
                ('verdict', models.CharField(max_length=12)),
                ('score', models.FloatField()),
                ('reasons', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('open', 'to decide'), ('merged', 'one person'), ('apart', 'two people')], default='open', max_length=12, verbose_name='state')),
                ('found_at', models.DateTimeField(editable=False)),
                ('decided_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['state', '-score'], name='contacts_duplicate_state')],
                'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='contacts_duplicate_once'), models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='contacts_dup_order')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='contacts.person')),
                ('purpose', models.CharField(max_length=40, verbose_name='what for')),
                ('channel', models.CharField(max_length=40, verbose_name='how')),
                ('is_given', models.BooleanField(default=True, verbose_name='agreed')),
                ('basis', models.CharField(choices=[('consent', 'their consent'), ('agreement', 'an agreement with them'), ('public_role', 'their public office'), ('law', 'the law')], default='consent', max_length=20, verbose_name='basis')),
                ('source', models.CharField(max_length=200, verbose_name='where it was said')),
                ('given_on', models.DateField(verbose_name='on')),
                ('expires_on', models.DateField(blank=True, null=True, verbose_name='ends on')),
                ('withdrawn_on', models.DateField(blank=True, null=True, verbose_name='withdrawn on')),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'purpose'], name='contacts_consent_purpose')],
            },
        ),
        migrations.CreateModel(
            name='PersonName',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='contacts.person')),
                ('kind', models.CharField(choices=[('main', 'main'), ('attested', 'also written'), ('former', 'former'), ('kunya', 'familiar name')], default='main', max_length=12, verbose_name='kind')),
                ('language', models.CharField(max_length=12, verbose_name='language')),
                ('text', models.CharField(max_length=200, verbose_name='as written')),
                ('parts', models.JSONField(blank=True, default=dict)),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'language', 'text'), name='contacts_personname_once')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visibility', models.CharField(choices=[('personal', 'only me'), ('team', 'named colleagues'), ('institution', 'staff'), ('coalition', 'partners of a coalition'), ('official', 'officials by link'), ('press', 'press, under embargo'), ('public', 'everybody')], default='institution', max_length=12, verbose_name='who may read it')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='contacts.organisation')),
                ('title', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='title')),
                ('feminine_title', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, verbose_name='title when a woman holds it')),
                ('style', models.CharField(blank=True, max_length=40, verbose_name='form of address')),
                ('rank', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'ambassadors and nuncios'), (2, 'envoys and ministers'), (3, "chargés d'affaires")], null=True)),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('abolished_on', models.DateField(blank=True, null=True, verbose_name='abolished on')),
                ('created_at', models.DateTimeField(editable=False)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('readers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='named colleagues')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visibility', models.CharField(choices=[('personal', 'only me'), ('team', 'named colleagues'), ('institution', 'staff'), ('coalition', 'partners of a coalition'), ('official', 'officials by link'), ('press', 'press, under embargo'), ('public', 'everybody')], default='institution', max_length=12, verbose_name='who may read it')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='contacts.person')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='contacts.organisation')),
                ('post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='contacts.post')),
                ('text', models.TextField(verbose_name='note')),
                ('written_at', models.DateTimeField(editable=False)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('readers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='named colleagues')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('organisation', None), ('person__isnull', False), ('post', None)), models.Q(('organisation__isnull', False), ('person', None), ('post', None)), models.Q(('organisation', None), ('person', None), ('post__isnull', False)), _connector='OR'), name='contacts_note_one_subject')],
            },
        ),
        migrations.CreateModel(
            name='Interaction',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visibility', models.CharField(choices=[('personal', 'only me'), ('team', 'named colleagues'), ('institution', 'staff'), ('coalition', 'partners of a coalition'), ('official', 'officials by link'), ('press', 'press, under embargo'), ('public', 'everybody')], default='institution', max_length=12, verbose_name='who may read it')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('kind', models.CharField(choices=[('meeting', 'meeting'), ('call', 'call'), ('email', 'e-mail'), ('letter', 'letter'), ('visit', 'visit'), ('message', 'message')], max_length=12, verbose_name='kind')),
                ('happened_on', models.DateField(verbose_name='on')),
                ('subject', models.CharField(max_length=200, verbose_name='in one line')),
                ('text', models.TextField(blank=True, verbose_name='what was said')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='interactions', to='contacts.organisation')),
                ('post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='interactions', to='contacts.post')),
                ('made_at', models.DateTimeField(editable=False)),
                ('removed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('readers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='named colleagues')),
                ('people', models.ManyToManyField(blank=True, related_name='interactions', to='contacts.person')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', '-happened_on'], name='contacts_log_organisation'), models.Index(fields=['post', '-happened_on'], name='contacts_log_post')],
            },
        ),
        migrations.CreateModel(
            name='ContactPoint',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='points', to='contacts.person')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='points', to='contacts.organisation')),
                ('post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='points', to='contacts.post')),
                ('kind', models.CharField(choices=[('phone', 'telephone'), ('email', 'e-mail'), ('address', 'address'), ('site', 'website')], max_length=12, verbose_name='kind')),
                ('value', models.CharField(max_length=300, verbose_name='as given')),
                ('key', models.CharField(db_index=True, editable=False, max_length=300)),
                ('label', models.CharField(blank=True, max_length=60, verbose_name='label')),
                ('is_private', models.BooleanField(default=True, verbose_name='private')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('organisation', None), ('person__isnull', False), ('post', None)), models.Q(('organisation__isnull', False), ('person', None), ('post', None)), models.Q(('organisation', None), ('person', None), ('post__isnull', False)), _connector='OR'), name='contacts_contactpoint_one_owner')],
            },
        ),
        migrations.CreateModel(
            name='PostHolding',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to='contacts.post')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to='contacts.person')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('took_up_functions_at', models.DateTimeField(blank=True, null=True, verbose_name='took up functions')),
                ('is_interim', models.BooleanField(default=False, verbose_name='interim')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
            ],
            options={
                'indexes': [models.Index(fields=['post', 'starts_on'], name='contacts_holding_post')],
                'constraints': [models.CheckConstraint(condition=models.Q(('starts_on', None), ('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='contacts_postholding_order')],
            },
        ),
        migrations.CreateModel(
            name='Precedence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('post', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='precedence', to='contacts.post')),
                ('position', models.PositiveSmallIntegerField(verbose_name='place in the order')),
                ('note', models.CharField(max_length=300, verbose_name='why, and who decided')),
                ('decided_on', models.DateField(verbose_name='decided on')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('interaction', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='contacts.interaction')),
                ('is_ours', models.BooleanField(default=False, verbose_name='we promised it')),
                ('text', models.CharField(max_length=300, verbose_name='what was promised')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='by')),
                ('state', models.CharField(choices=[('open', 'open'), ('kept', 'kept'), ('partly', 'partly kept'), ('broken', 'not kept')], default='open', max_length=12, verbose_name='state')),
                ('settled_on', models.DateField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='how it went')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Relationship',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relationships', to='contacts.person')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='related_by', to='contacts.person')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('person', models.F('other')), _negated=True), name='contacts_relationship_two')],
            },
        ),
        migrations.CreateModel(
            name='Segment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visibility', models.CharField(choices=[('personal', 'only me'), ('team', 'named colleagues'), ('institution', 'staff'), ('coalition', 'partners of a coalition'), ('official', 'officials by link'), ('press', 'press, under embargo'), ('public', 'everybody')], default='institution', max_length=12, verbose_name='who may read it')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('name', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='name')),
                ('purpose', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='what it is for')),
                ('join', models.CharField(choices=[('all', 'every condition is met'), ('any', 'at least one condition is met')], default='all', max_length=3, verbose_name='who is in it')),
                ('terms', models.JSONField(blank=True, default=list)),
                ('created_at', models.DateTimeField(editable=False)),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('readers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='named colleagues')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SegmentPick',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('segment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='picks', to='contacts.segment')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='segment_picks', to='contacts.person')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='segment_picks', to='contacts.organisation')),
                ('is_in', models.BooleanField(default=True, verbose_name='put in')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('picked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('picked_at', models.DateTimeField(editable=False)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('organisation', None), ('person__isnull', False)), models.Q(('organisation__isnull', False), ('person', None)), _connector='OR'), name='contacts_segmentpick_one'), models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('segment', 'person'), name='contacts_segmentpick_person'), models.UniqueConstraint(condition=models.Q(('organisation__isnull', False)), fields=('segment', 'organisation'), name='contacts_segmentpick_organisation')],
            },
        ),
    ]
