from django.db import migrations

# The index holds no copy of the text; triggers keep it equal to the table, whoever writes.
SQLITE = (
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
POSTGRES = (
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
    for statement in SQLITE if sqlite else POSTGRES:
        schema_editor.execute(statement)


def remove_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("added", "removed", "changed"):
            schema_editor.execute(f"DROP TRIGGER common_searchindex_{name}")
        schema_editor.execute("DROP TABLE common_searchindex")
    else:
        for column in ("title_vector", "vector"):
            schema_editor.execute(f"ALTER TABLE common_searchdocument DROP COLUMN {column}")


class Migration(migrations.Migration):
    dependencies = [("common", "0003_search_documents")]
    operations = [migrations.RunPython(add_index, remove_index)]
