"""Which rule was in force when stays so: rules and choices are only added to."""

from django.db import migrations

from steelyard.ledger import guards


class Migration(migrations.Migration):
    dependencies = [("attribution", "0001_credit_rules")]

    operations = [guards.append_only("attribution_creditrule"), guards.append_only("attribution_creditchoice")]
