from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scorecards', '0002_one_subject'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='result',
            index=models.Index(fields=['subject'], name='result_by_subject'),
        ),
    ]
