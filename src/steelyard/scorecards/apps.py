"""The app's entry for Django."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from steelyard.intake.published import PublishedPeriod


class ScorecardsConfig(AppConfig):
    name = "steelyard.scorecards"
    label = "scorecards"

    def ready(self) -> None:
        """Tell intake who knows what is published: it warns of rows that fall into such a period."""
        from steelyard.intake import published

        published.told_by(_published_periods)


def _published_periods() -> list[PublishedPeriod]:
    from .queries import published_periods  # only when it is asked for: commands start without it

    return published_periods()
