"""Entries of the audit trail never change."""

from django.db import migrations

from steelyard.ledger import guards


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [guards.append_only("audit_entry")]
