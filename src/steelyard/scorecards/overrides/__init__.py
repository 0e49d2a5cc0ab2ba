"""Overrides: a level or points that two people stand by, beside what was calculated, until a day."""
