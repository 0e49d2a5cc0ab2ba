from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scorecards', '0006_overrides'),
    ]

    operations = [
        migrations.AddField(
            model_name='run',
            name='review_days',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='rolledup',
            name='receipt',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
    ]
