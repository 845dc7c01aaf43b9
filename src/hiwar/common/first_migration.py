"""The first migration of a room: all of its tables at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState


class FirstMigration(migrations.Migration):
    """Makes new tables, and nothing that looks at models before all of them are there.

    Django renders the models that lead to a new one again after each single operation, in the end
    nearly all of them: 25 of the 30 seconds of an empty database. Nothing leads to a table that is
    not there yet, so they are rendered once, after the last operation.
    """

    initial = True

    def apply(
        self,
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
        collect_sql: bool = False,
    ) -> ProjectState:
        """Make the tables and return `project_state`, which holds them then."""
        if collect_sql:
            return super().apply(project_state, schema_editor, collect_sql)
        before = project_state.clone()
        project_state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(self.app_label, project_state)
        for operation in self.operations:
            operation.database_forwards(self.app_label, schema_editor, before, project_state)
        return project_state
