from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0007_bring_prints_over")]

    operations = [migrations.RemoveField(model_name="jointprint", name="content")]
