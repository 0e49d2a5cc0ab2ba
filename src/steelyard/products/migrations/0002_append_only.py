"""What was known at a commit stays so: histories are only added to."""

from django.db import migrations

from steelyard.ledger import guards


class Migration(migrations.Migration):
    dependencies = [("products", "0001_initial")]

    operations = [
        guards.append_only("products_categoryhistory"),
        guards.append_only("products_producthistory"),
        guards.append_only("products_unitofmeasurehistory"),
    ]
