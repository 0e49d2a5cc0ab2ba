"""A version keeps the test vectors that prove it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("frameworks", "0001_initial")]

    operations = [
        migrations.AddField(model_name="frameworkversion", name="vectors", field=models.TextField(blank=True, default="")),
    ]
