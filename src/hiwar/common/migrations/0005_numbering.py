"""Series of numbers, and every number that was given out."""

from __future__ import annotations

import uuid

import django.db.models.deletion
from django.db import migrations, models


def key() -> models.UUIDField:
    return models.UUIDField(
        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
    )


class Migration(migrations.Migration):
    dependencies = [("common", "0004_private_links")]

    operations = [
        migrations.CreateModel(
            name="NumberSeries",
            fields=[
                ("id", key()),
                ("code", models.CharField(max_length=60, verbose_name="series")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("last", models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "year"), name="common_numberseries_year"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IssuedNumber",
            fields=[
                ("id", key()),
                ("number", models.PositiveIntegerField(editable=False)),
                ("issued_at", models.DateTimeField(editable=False)),
                ("voided_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "void_reason",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="why it is void"
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="numbers",
                        to="common.numberseries",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("series", "number"), name="common_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("voided_at", None),
                            models.Q(("void_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="common_number_void",
                    ),
                ],
            },
        ),
    ]
