"""Frameworks in words: formulas, sentences and differences, in every language that has templates (ADR 0031).

`sentences(framework, language=...)` says what a framework does; `difference(old, new, language=...)` what a version
changes; `Phrases.of(framework, language)` writes single formulas. Pure: who reads is told by the caller.
"""
