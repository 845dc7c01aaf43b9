from __future__ import annotations

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("common", "0004_erasures"), ("dialogues", "0007_closing_time")]

    operations = [
        migrations.CreateModel(
            name="FormCheck",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True,
                                        serialize=False)),
                ("form", models.CharField(max_length=60, verbose_name="form number")),
                ("result", models.CharField(
                    blank=True, default="", max_length=10,
                    choices=[("", "waits to be compared"), ("same", "same as on paper"),
                             ("differs", "differs from the paper")])),
                ("checked_by", models.CharField(blank=True, max_length=100)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("dialogue", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="form_checks",
                    to="dialogues.dialogue")),
                ("participant", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+",
                    to="dialogues.participant")),
                ("run", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+",
                    to="common.importrun")),
            ],
            options={"abstract": False},
        ),
        migrations.AddField(
            model_name="messageinqueue",
            name="run",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="common.importrun",
            ),
        ),
    ]  # fmt: skip
