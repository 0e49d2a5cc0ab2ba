"""Lists: one line per thing, from the keys of phase 1 (docs/calculations/lists.md)."""
