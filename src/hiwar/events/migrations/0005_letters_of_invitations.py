from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0004_remove_secrets'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='invitationmessage',
            name='events_message_once',
        ),
        migrations.AddField(
            model_name='invitation',
            name='answer_stamp',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='invitationmessage',
            name='batch',
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='invitationmessage',
            name='state',
            field=models.CharField(blank=True, editable=False, max_length=12),
        ),
        migrations.AddIndex(
            model_name='invitationmessage',
            index=models.Index(fields=['invitation', 'made_at'], name='events_message_made'),
        ),
    ]
