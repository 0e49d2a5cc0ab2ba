"""A delivery may hold many rows, is known by its source, and may cancel."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_append_only")]

    operations = [
        migrations.RemoveConstraint(model_name="tailrow", name="one_row_a_delivery"),
        migrations.AddField(model_name="tailrow", name="place", field=models.PositiveIntegerField(default=0)),
        migrations.AddField(model_name="tailrow", name="cancels", field=models.BooleanField(default=False)),
        migrations.AddConstraint(
            model_name="tailrow",
            constraint=models.UniqueConstraint(
                condition=models.Q(("delivery", ""), _negated=True),
                fields=("source", "delivery", "place"),
                name="one_row_a_place_of_a_delivery",
            ),
        ),
    ]
