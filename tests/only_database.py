"""A pytest plugin: run only the tests that touch a database, so that they run on PostgreSQL too without repeating the rest.

A test touches one if it is marked `django_db`, asks for one of pytest-django's database fixtures (also through others), or is
marked `database` because it starts processes of its own on STEELYARD_DATABASE_URL. One that is marked `once` says the same on
every database, beside others of its kind that run here.
"""

from __future__ import annotations

import pytest

FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback", "live_server"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what touches no database."""
    chosen = [item for item in items if touches(item)]
    config.hook.pytest_deselected(items=[item for item in items if not touches(item)])
    items[:] = chosen


def touches(item: pytest.Item) -> bool:
    if item.get_closest_marker("once"):
        return False
    marked = any(item.get_closest_marker(name) for name in ("django_db", "database"))
    return marked or bool(FIXTURES & set(getattr(item, "fixturenames", ())))
