"""Phase 1: facts become measures, by one operation: signed sums at a grain (docs/reference/framework-language.md)."""
