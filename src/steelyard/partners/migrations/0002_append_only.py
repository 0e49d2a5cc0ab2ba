"""What was known at a commit stays so: histories are only added to."""

from django.db import migrations

from steelyard.ledger import guards


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]

    operations = [
        guards.append_only("partners_partnerhistory"),
        guards.append_only("partners_affiliationhistory"),
        guards.append_only("partners_aliashistory"),
        guards.append_only("partners_territoryhistory"),
        guards.append_only("partners_representativehistory"),
        guards.append_only("partners_assignmenthistory"),
    ]
