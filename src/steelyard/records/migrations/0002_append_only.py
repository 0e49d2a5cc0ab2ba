"""What was written to a question, and what was remarked, never changes."""

from django.db import migrations

from steelyard.ledger import guards


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [guards.append_only("records_message"), guards.append_only("records_comment")]
