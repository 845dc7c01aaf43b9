from django.db import migrations

SQLITE = """
CREATE TRIGGER common_auditentry_stays BEFORE UPDATE ON common_auditentry
BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
"""
POSTGRES = """
CREATE FUNCTION common_auditentry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit entries are never changed'; END $$;
CREATE TRIGGER common_auditentry_stays BEFORE UPDATE ON common_auditentry
FOR EACH ROW EXECUTE FUNCTION common_auditentry_stays();
"""


def refuse_changes(apps, schema_editor):
    """Let the database itself refuse to change an audit entry, whoever asks."""
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES)


def allow_changes(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER common_auditentry_stays")
    else:
        schema_editor.execute("DROP TRIGGER common_auditentry_stays ON common_auditentry")
        schema_editor.execute("DROP FUNCTION common_auditentry_stays()")


class Migration(migrations.Migration):
    dependencies = [("common", "0001_initial")]
    operations = [migrations.RunPython(refuse_changes, allow_changes)]
