import datetime
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from hiwar.common.first_migration import FirstMigration


class Migration(FirstMigration):

    dependencies = [
        ('accounts', '__first__'),
        ('contacts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.SlugField(unique=True, verbose_name='code')),
                ('state', models.CharField(choices=[('on', 'on'), ('paused', 'paused'), ('off', 'off')], default='on', max_length=8)),
                ('installation', models.CharField(blank=True, editable=False, max_length=64)),
                ('per_hour', models.PositiveIntegerField(default=3600, verbose_name='messages an hour')),
                ('quiet_from', models.TimeField(blank=True, default=datetime.time(20, 0), null=True, verbose_name='quiet from')),
                ('quiet_until', models.TimeField(blank=True, default=datetime.time(9, 0), null=True, verbose_name='quiet until')),
                ('tokens', models.FloatField(default=0, editable=False)),
                ('refilled_at', models.DateTimeField(editable=False, null=True)),
                ('sent_at', models.DateTimeField(editable=False, null=True, verbose_name='last sent')),
                ('heard_at', models.DateTimeField(editable=False, null=True, verbose_name='last heard')),
                ('trouble', models.CharField(blank=True, editable=False, max_length=300, verbose_name='trouble')),
                ('trouble_at', models.DateTimeField(editable=False, null=True)),
                ('mailbox', models.BigIntegerField(default=0, editable=False)),
                ('last_uid', models.BigIntegerField(default=0, editable=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('mail', 'e-mail')], default='mail', max_length=8)),
                ('digest', models.CharField(max_length=64)),
                ('sealed', models.BinaryField()),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.person')),
                ('state', models.CharField(choices=[('good', 'in use'), ('suspended', 'does not exist'), ('bouncing', 'does not take messages')], default='good', max_length=12)),
                ('proven_at', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'digest'), name='channels_address_digest')],
            },
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('purpose', models.CharField(max_length=60)),
                ('state', models.CharField(choices=[('prepared', 'to be looked at'), ('approved', 'on its way'), ('paused', 'paused'), ('stopped', 'stopped')], default='prepared', max_length=10)),
                ('left_out', models.JSONField(blank=True, default=dict)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_at', models.DateTimeField()),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['-made_at'], name='channels_batch_made')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(max_length=60)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='channels.channel')),
                ('address', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='channels.address')),
                ('batch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='channels.batch')),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('language', models.CharField(max_length=12)),
                ('zone', models.CharField(blank=True, max_length=60)),
                ('is_urgent', models.BooleanField(default=False)),
                ('sealed', models.BinaryField()),
                ('sealed_secrets', models.BinaryField(default=bytes)),
                ('digest', models.CharField(blank=True, editable=False, max_length=64)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('held', 'held back'), ('sending', 'being sent'), ('unknown', 'not known'), ('handed_over', 'sent'), ('stopped', 'not sent'), ('expired', 'too late'), ('failed', 'failed'), ('delivered', 'delivered')], default='waiting', max_length=12)),
                ('why', models.CharField(blank=True, choices=[('approval', 'somebody must look at it first'), ('quiet', 'quiet hours'), ('paused', 'paused'), ('consent', 'no consent for this purpose'), ('opted_out', 'wants no messages'), ('suspended', 'the address does not exist'), ('bouncing', 'the address takes no messages'), ('practice', 'practice: nothing is sent'), ('batch', 'the sending was stopped'), ('staff', 'stopped by a member of staff'), ('nobody', 'there was nothing to send'), ('again', 'tried, and will be tried again'), ('refused', 'the mail server refused it'), ('unreached', 'tried for a day in vain'), ('bounced', 'it came back'), ('policy', 'the receiving server refuses us'), ('broken', 'the connection broke at hand-over')], max_length=12)),
                ('said', models.CharField(blank=True, max_length=300, verbose_name='what the server said')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('posted_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('handed_over_at', models.DateTimeField(blank=True, null=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['state', '-is_urgent', 'due_at'], name='channels_message_due'), models.Index(fields=['batch', 'state'], name='channels_message_batch'), models.Index(fields=['settled_at'], name='channels_message_settled')],
            },
        ),
        migrations.CreateModel(
            name='InboundMessage',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='channels.channel')),
                ('external_key', models.CharField(editable=False, max_length=64, unique=True)),
                ('answers', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='answers', to='channels.message')),
                ('kind', models.CharField(choices=[('unread', 'not read yet'), ('message', 'message'), ('answer', 'answer to an invitation'), ('opt_out', 'wants no messages'), ('opt_in', 'wants messages again'), ('bounce', 'came back'), ('automatic', 'automatic reply'), ('unreadable', 'cannot be read')], default='unread', max_length=12)),
                ('state', models.CharField(choices=[('arrived', 'just arrived'), ('open', 'for a person'), ('done', 'done')], default='arrived', max_length=8)),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='why a person looks at it')),
                ('sealed', models.BinaryField()),
                ('received_at', models.DateTimeField()),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'received_at'], name='channels_inbound_state')],
            },
        ),
        migrations.CreateModel(
            name='MessageEvent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='channels.message')),
                ('kind', models.CharField(choices=[('posted', 'handed in'), ('held', 'held back'), ('attempt', 'tried'), ('handed_over', 'taken by the mail server'), ('receipt', 'delivery reported'), ('delay', 'delay reported'), ('bounce', 'came back'), ('reply', 'answered'), ('automatic', 'answered by a program'), ('settled', 'settled')], max_length=12)),
                ('code', models.CharField(blank=True, max_length=20)),
                ('text', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['message', 'at'], name='channels_event_message')],
            },
        ),
        migrations.CreateModel(
            name='Practice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('holder', models.CharField(editable=False, max_length=40, unique=True)),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('since', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64)),
                ('kind', models.CharField(choices=[('mail', 'e-mail')], default='mail', max_length=8)),
                ('purpose', models.CharField(blank=True, max_length=60)),
                ('why', models.CharField(choices=[('word', 'wrote that nothing more is wanted'), ('link', 'opened the way out in a message'), ('staff', 'told a member of staff')], max_length=8)),
                ('since', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('digest', 'kind', 'purpose'), name='channels_suppression_once')],
            },
        ),
    ]
