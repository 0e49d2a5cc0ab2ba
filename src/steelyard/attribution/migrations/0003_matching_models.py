"""Models that match names, their matches, and what people said of them: all are only added to."""

from django.db import migrations, models

from steelyard.ledger import guards


class Migration(migrations.Migration):

    dependencies = [
        ('attribution', '0002_credit_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='MatchingModel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('data', models.JSONField()),
                ('labels', models.PositiveIntegerField()),
                ('unseen_right', models.PositiveIntegerField()),
                ('unseen_wrong', models.PositiveIntegerField()),
                ('in_use', models.BooleanField()),
                ('made_at', models.DateTimeField()),
                ('made_by', models.CharField(max_length=150)),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='MatchCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('source', models.CharField(blank=True, max_length=100)),
                ('party', models.CharField(max_length=300)),
                ('name', models.CharField(max_length=1000)),
                ('proposed', models.CharField(max_length=200)),
                ('said', models.CharField(blank=True, max_length=200)),
                ('right', models.BooleanField()),
                ('probability', models.BigIntegerField()),
                ('margin', models.BigIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.CharField(max_length=150)),
            ],
            options={
                'ordering': ('pk',),
                'indexes': [models.Index(fields=['digest', 'source', 'party'], name='match_check_of_model')],
            },
        ),
        migrations.CreateModel(
            name='ModelMatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(blank=True, max_length=100)),
                ('party', models.CharField(max_length=300)),
                ('name', models.CharField(max_length=1000)),
                ('partner', models.CharField(max_length=200)),
                ('probability', models.BigIntegerField()),
                ('margin', models.BigIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'ordering': ('pk',),
                'indexes': [models.Index(fields=['source', 'party'], name='match_of_model')],
            },
        ),
        guards.append_only("attribution_matchingmodel"),
        guards.append_only("attribution_modelmatch"),
        guards.append_only("attribution_matchcheck"),
    ]
