"""What was known at a commit stays so: histories are only added to."""

from django.db import migrations

from steelyard.ledger import guards


class Migration(migrations.Migration):
    dependencies = [("company", "0001_initial")]

    operations = [
        guards.append_only("company_settingshistory"),
        guards.append_only("company_fiscalcalendarhistory"),
        guards.append_only("company_ratehistory"),
    ]
