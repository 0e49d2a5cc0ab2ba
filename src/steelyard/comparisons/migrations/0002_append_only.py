"""What was compared stays as it was told."""

from django.db import migrations

from steelyard.ledger import guards


class Migration(migrations.Migration):
    dependencies = [("comparisons", "0001_initial")]

    operations = [guards.append_only(f"comparisons_{name}") for name in ("comparison", "part", "retirement")]
