from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scorecards', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='run',
            name='proved_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='run',
            name='proved_digest',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='publication',
            name='subject',
            field=models.CharField(blank=True, default='', max_length=300),
            preserve_default=False,
        ),
    ]
