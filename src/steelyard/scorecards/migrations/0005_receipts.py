from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scorecards', '0004_over_time'),
    ]

    operations = [
        migrations.AddField(
            model_name='run',
            name='peers_sha256',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='run',
            name='receipts_sha256',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='result',
            name='receipt',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
    ]
