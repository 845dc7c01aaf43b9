import django.db.models.deletion
import hiwar.common.multilingual
import uuid
from django.conf import settings
from django.db import migrations, models

from hiwar.common.first_migration import FirstMigration


class Migration(FirstMigration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('common', '0004_erasures'),
        ('contacts', '0002_rows_of_import_runs'),
    ]

    operations = [
        migrations.CreateModel(
            name='Signing',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(editable=False, max_length=60)),
                ('sign_by', models.DateField(blank=True, null=True, verbose_name='last day for signing')),
                ('contact_line', models.CharField(blank=True, max_length=200, verbose_name='how signatories reach you')),
                ('made_at', models.DateTimeField(editable=False)),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('contact_post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.post', verbose_name='whom signatories ask')),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'sign_by'], name='signatures_signing_due')],
            },
        ),
        migrations.CreateModel(
            name='SigningVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('title', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='title')),
                ('text', hiwar.common.multilingual.MultilingualField(default=dict, is_long=True, verbose_name='text')),
                ('change', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, verbose_name='what changed, and why')),
                ('checksum', models.CharField(editable=False, max_length=64)),
                ('opened_at', models.DateTimeField(editable=False)),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('closed_why', models.CharField(blank=True, max_length=300, verbose_name='why the list is closed')),
                ('is_final', models.BooleanField(default=False, editable=False)),
                ('replaced_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('signing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='signatures.signing')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('signing', 'number'), name='signatures_version_number'), models.UniqueConstraint(condition=models.Q(('closed_at', None), ('replaced_at', None)), fields=('signing',), name='signatures_version_open'), models.CheckConstraint(condition=models.Q(('is_final', False), ('closed_at__isnull', False), _connector='OR'), name='signatures_version_final')],
            },
        ),
        migrations.CreateModel(
            name='SigningRequest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('language', models.CharField(blank=True, max_length=12, verbose_name='language')),
                ('added_at', models.DateTimeField(editable=False)),
                ('declined_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('declined_by', models.CharField(blank=True, max_length=120, verbose_name='who declined')),
                ('declined_why', models.CharField(blank=True, max_length=500, verbose_name='why')),
                ('removed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.organisation')),
                ('signing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requests', to='signatures.signing')),
                ('declined_version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='declined', to='signatures.signingversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('signing', 'organisation'), name='signatures_request_once')],
            },
        ),
        migrations.CreateModel(
            name='SigningLetter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('request', 'request'), ('changed', 'the text changed'), ('reminder', 'reminder')], max_length=10, verbose_name='kind')),
                ('address', models.CharField(blank=True, max_length=254)),
                ('subject', models.CharField(max_length=300)),
                ('body', models.TextField()),
                ('made_at', models.DateTimeField(editable=False)),
                ('sent_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('number', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='common.issuednumber')),
                ('private_link', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='common.privatelink')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='signatures.signingrequest')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='signatures.signingversion')),
            ],
            options={
                'indexes': [models.Index(fields=['request', 'made_at'], name='signatures_letter_request')],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('organisation_name', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='organisation')),
                ('signer', models.CharField(max_length=120, verbose_name='who signed for it')),
                ('function', models.CharField(max_length=120, verbose_name='function')),
                ('is_reserved', models.BooleanField(default=False, verbose_name='with reservation')),
                ('reservation', models.TextField(blank=True, verbose_name='reservation')),
                ('reservation_language', models.CharField(blank=True, max_length=12, verbose_name='language')),
                ('paragraph', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='paragraph')),
                ('way', models.CharField(choices=[('link', 'by the link'), ('mail', 'by mail'), ('phone', 'by telephone'), ('paper', 'on paper')], max_length=8, verbose_name='how it came')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='source')),
                ('signed_at', models.DateTimeField(verbose_name='signed at')),
                ('position', models.PositiveIntegerField(editable=False)),
                ('made_at', models.DateTimeField(editable=False)),
                ('replaced_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('withdrawn_why', models.CharField(blank=True, max_length=500, verbose_name='why it was withdrawn')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.organisation')),
                ('typed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='signatures.signingversion')),
            ],
            options={
                'indexes': [models.Index(fields=['version', 'signed_at'], name='signatures_signature_order')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at', None), ('withdrawn_at', None)), fields=('version', 'organisation'), name='signatures_signature_stands_once'), models.UniqueConstraint(fields=('version', 'position'), name='signatures_signature_position'), models.CheckConstraint(condition=models.Q(('is_reserved', False), models.Q(('reservation', ''), _negated=True), _connector='OR'), name='signatures_signature_reservation'), models.CheckConstraint(condition=models.Q(('way', 'link'), models.Q(('source', ''), _negated=True), _connector='OR'), name='signatures_signature_source')],
            },
        ),
    ]
