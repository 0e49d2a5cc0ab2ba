"""Steps and signatures never change."""

from django.db import migrations

from steelyard.ledger import guards


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_initial")]

    operations = [guards.append_only("approvals_step"), guards.append_only("approvals_signature")]
