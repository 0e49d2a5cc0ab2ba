"""Master histories: the abstract model that every ``<model>_history`` table inherits, and its digest.

A row says: "since commit ``commit_seq`` we know that from ``valid_from`` until before ``valid_to`` the values were
these" (``retracted``: that there were none). Later commits overlay earlier ones on their interval. Rows are only added.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import models


class History(models.Model):
    """Columns every history has; the subclass adds key and values, and names its key in ``KEY``."""

    KEY: tuple[str, ...] = ()

    valid_from = models.DateField(null=True, blank=True)  # null: always
    valid_to = models.DateField(null=True, blank=True)  # exclusive; null: for ever
    commit_seq = models.BigIntegerField(db_index=True)
    retracted = models.BooleanField(default=False)

    class Meta:
        abstract = True


def history_models() -> list[type[History]]:
    """Every history table of the installation, in stable order."""
    found = [model for model in apps.get_models() if issubclass(model, History)]
    return sorted(found, key=lambda model: model._meta.label_lower)


def value_fields(model: type[History]) -> list[models.Field[Any, Any]]:
    """The fields that are hashed and read: all but the row's own number."""
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def _canonical(fields: Sequence[models.Field[Any, Any]], values: Sequence[Any]) -> str:
    pairs = {
        field.attname: value.isoformat() if hasattr(value, "isoformat") else value
        for field, value in zip(fields, values, strict=True)
        if value is not None
    }
    return json.dumps(pairs, sort_keys=True, ensure_ascii=False, default=str)


def rows_digest(model: type[History], rows: Iterable[Sequence[Any]]) -> str:
    """SHA-256 over the canonical text of the rows, sorted; null values are left out, so a later column changes nothing."""
    fields = value_fields(model)
    total = hashlib.sha256()
    for text in sorted(_canonical(fields, values) for values in rows):
        total.update(text.encode() + b"\n")
    return total.hexdigest()


def instance_rows(instances: Iterable[History]) -> Iterator[list[Any]]:
    """The hashed values of unsaved or saved instances, as the database will hand them back."""
    for instance in instances:
        yield [field.to_python(getattr(instance, field.attname)) for field in value_fields(type(instance))]
