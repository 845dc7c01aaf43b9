import django.db.models.deletion
import hiwar.common.multilingual
import uuid
from django.db import migrations, models

from hiwar.common.first_migration import FirstMigration

AUDIT_ON_SQLITE = """
CREATE TRIGGER common_auditentry_stays BEFORE UPDATE ON common_auditentry
BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
"""
AUDIT_ON_POSTGRES = """
CREATE FUNCTION common_auditentry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit entries are never changed'; END $$;
CREATE TRIGGER common_auditentry_stays BEFORE UPDATE ON common_auditentry
FOR EACH ROW EXECUTE FUNCTION common_auditentry_stays();
"""


def refuse_changes(apps, schema_editor):
    """Let the database itself refuse to change an audit entry, whoever asks."""
    sqlite = schema_editor.connection.vendor == "sqlite"
    schema_editor.execute(AUDIT_ON_SQLITE if sqlite else AUDIT_ON_POSTGRES)


def allow_changes(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER common_auditentry_stays")
    else:
        schema_editor.execute("DROP TRIGGER common_auditentry_stays ON common_auditentry")
        schema_editor.execute("DROP FUNCTION common_auditentry_stays()")


# The index holds no copy of the text; triggers keep it equal to the table, whoever writes.
SEARCH_ON_SQLITE = (
    """
    CREATE VIRTUAL TABLE common_searchindex USING fts5(
        folded_title, folded_body, content='common_searchdocument', content_rowid='id',
        tokenize="unicode61 remove_diacritics 0", prefix='2 3'
    )
    """,
    """
    CREATE TRIGGER common_searchindex_added AFTER INSERT ON common_searchdocument BEGIN
        INSERT INTO common_searchindex(rowid, folded_title, folded_body)
        VALUES (new.id, new.folded_title, new.folded_body);
    END
    """,
    """
    CREATE TRIGGER common_searchindex_removed AFTER DELETE ON common_searchdocument BEGIN
        INSERT INTO common_searchindex(common_searchindex, rowid, folded_title, folded_body)
        VALUES ('delete', old.id, old.folded_title, old.folded_body);
    END
    """,
    """
    CREATE TRIGGER common_searchindex_changed AFTER UPDATE ON common_searchdocument BEGIN
        INSERT INTO common_searchindex(common_searchindex, rowid, folded_title, folded_body)
        VALUES ('delete', old.id, old.folded_title, old.folded_body);
        INSERT INTO common_searchindex(rowid, folded_title, folded_body)
        VALUES (new.id, new.folded_title, new.folded_body);
    END
    """,
    "INSERT INTO common_searchindex(common_searchindex) VALUES ('rebuild')",
)
# Two vectors and no weights: an index does not know weights, so every hit would be read again.
SEARCH_ON_POSTGRES = (
    """
    ALTER TABLE common_searchdocument
        ADD COLUMN title_vector tsvector
            GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, folded_title)) STORED,
        ADD COLUMN vector tsvector
            GENERATED ALWAYS AS (
                to_tsvector('simple'::regconfig, folded_title || ' ' || folded_body)
            ) STORED
    """,
    "CREATE INDEX common_search_title ON common_searchdocument USING gin (title_vector)",
    "CREATE INDEX common_search_vector ON common_searchdocument USING gin (vector)",
)


def add_index(apps, schema_editor):
    sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SEARCH_ON_SQLITE if sqlite else SEARCH_ON_POSTGRES:
        schema_editor.execute(statement)


def remove_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("added", "removed", "changed"):
            schema_editor.execute(f"DROP TRIGGER common_searchindex_{name}")
        schema_editor.execute("DROP TABLE common_searchindex")
    else:
        for column in ("title_vector", "vector"):
            schema_editor.execute(f"ALTER TABLE common_searchdocument DROP COLUMN {column}")


class Migration(FirstMigration):

    dependencies = [
        ('django_tasks_database', '0021_conditional_partial_index_ordering'),
    ]

    operations = [
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('name', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('next_at', models.DateTimeField()),
                ('last_success_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name_plural': 'duties',
            },
        ),
        migrations.CreateModel(
            name='WaitingDraft',
            fields=[
                ('key', models.UUIDField(primary_key=True, serialize=False)),
                ('purpose', models.CharField(max_length=60)),
                ('sealed', models.BinaryField()),
                ('posted_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('name', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('node', models.CharField(max_length=40)),
                ('process', models.PositiveIntegerField()),
                ('started_at', models.DateTimeField()),
                ('beat_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('actor', models.CharField(max_length=100, verbose_name='who')),
                ('verb', models.CharField(max_length=100, verbose_name='what')),
                ('object', models.CharField(max_length=150, verbose_name='to what')),
                ('changed', models.JSONField(default=dict, verbose_name='changed')),
            ],
            options={
                'indexes': [models.Index(fields=['-at', '-id'], name='common_audit_at'), models.Index(fields=['actor', '-at'], name='common_audit_actor'), models.Index(fields=['object', '-at'], name='common_audit_object')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('task', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='job', serialize=False, to='django_tasks_database.dbtaskresult')),
                ('key', models.CharField(blank=True, max_length=120)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('done', 'done'), ('failed', 'failed')], default='waiting', max_length=10)),
                ('worker', models.CharField(blank=True, max_length=64)),
                ('progress', models.FloatField(default=0.0)),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('error', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'indexes': [models.Index(fields=['key'], name='common_job_key'), models.Index(fields=['state'], name='common_job_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'waiting'), models.Q(('key', ''), _negated=True)), fields=('key',), name='common_job_waiting'), models.UniqueConstraint(condition=models.Q(('state', 'running'), models.Q(('key', ''), _negated=True)), fields=('key',), name='common_job_running')],
            },
        ),
        migrations.CreateModel(
            name='NumberSeries',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=60, verbose_name='series')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('last', models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('code', 'year'), name='common_numberseries_year')],
            },
        ),
        migrations.CreateModel(
            name='PrivateLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(max_length=60, verbose_name='purpose')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('sealed', models.BinaryField(default=bytes)),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='ends on')),
                ('made_at', models.DateTimeField(editable=False)),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('used_at', models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['purpose', 'ends_on'], name='common_link_purpose')],
            },
        ),
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=60, verbose_name='kind')),
                ('record', models.UUIDField(verbose_name='record')),
                ('audience', models.CharField(blank=True, max_length=40, verbose_name='audience')),
                ('version', models.PositiveSmallIntegerField()),
                ('title', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='title')),
                ('body', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True, verbose_name='text')),
                ('folded_title', models.TextField(blank=True)),
                ('folded_body', models.TextField(blank=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'record'), name='common_search_record')],
            },
        ),
        migrations.CreateModel(
            name='VocabularyEntry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('vocabulary', models.CharField(max_length=80, verbose_name='list')),
                ('code', models.CharField(max_length=80, verbose_name='code')),
                ('values', models.JSONField(blank=True, default=dict, verbose_name='changed')),
                ('position', models.PositiveIntegerField(blank=True, null=True, verbose_name='place in the list')),
                ('is_retired', models.BooleanField(default=False, verbose_name='no longer offered')),
                ('changed_at', models.DateTimeField(verbose_name='changed at')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('vocabulary', 'code'), name='common_vocabulary_entry_once')],
            },
        ),
        migrations.CreateModel(
            name='IssuedNumber',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='numbers', to='common.numberseries')),
                ('number', models.PositiveIntegerField(editable=False)),
                ('issued_at', models.DateTimeField(editable=False)),
                ('voided_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('void_reason', models.CharField(blank=True, max_length=300, verbose_name='why it is void')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('series', 'number'), name='common_number_once'), models.CheckConstraint(condition=models.Q(('voided_at', None), models.Q(('void_reason', ''), _negated=True), _connector='OR'), name='common_number_void')],
            },
        ),
        migrations.RunPython(refuse_changes, allow_changes),
        migrations.RunPython(add_index, remove_index),
    ]
