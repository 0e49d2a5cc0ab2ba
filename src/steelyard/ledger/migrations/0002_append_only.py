"""Commits never change; of a segment only its retirement may be recorded."""

from django.db import migrations

from steelyard.ledger import guards


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        guards.append_only("ledger_commit"),
        guards.append_only(
            "ledger_segment", "number", "kind", "path", "rows", "size", "sha256", "schema_version", "carries_seq",
            "added_seq", "last_seq",
        ),
    ]
