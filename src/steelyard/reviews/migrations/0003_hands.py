"""Everybody who had a hand in a review; of those that are there, whoever saved and submitted them last."""

import django.db.models.deletion
from django.db import migrations, models


def known(apps, schema_editor):
    hand = apps.get_model("reviews", "Hand")
    for review in apps.get_model("reviews", "Review").objects.all():
        for username in {review.saved_by, review.submitted_by} - {""}:
            hand.objects.create(review=review, username=username)


class Migration(migrations.Migration):

    dependencies = [
        ("reviews", "0002_partner_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="Hand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("username", models.CharField(max_length=150)),
                (
                    "review",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="hands", to="reviews.review"),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("review", "username"), name="hand_once")]},
        ),
        migrations.RunPython(known, migrations.RunPython.noop),
    ]
