import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("frameworks", "0002_vectors")]

    operations = [
        migrations.AddField(
            model_name="frameworkversion",
            name="base",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="regions", to="frameworks.frameworkversion"
            ),
        ),
    ]
