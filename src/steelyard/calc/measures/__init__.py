"""Phase 1: facts become measures, by one operation: signed sums at a grain (LANGUAGE.md section 8)."""
