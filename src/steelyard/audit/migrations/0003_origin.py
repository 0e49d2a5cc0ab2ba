from django.db import migrations, models

from steelyard.ledger import guards


class Migration(migrations.Migration):
    """Where an action came from. Some databases make the table anew for a column, and with it go the guards."""

    dependencies = [("audit", "0002_append_only")]

    operations = [
        migrations.RunPython(lambda apps, editor: guards.release(editor.connection, "audit_entry"), migrations.RunPython.noop),
        migrations.AddField("entry", "origin", models.CharField(blank=True, default="", max_length=200)),
        guards.append_only("audit_entry"),
    ]
