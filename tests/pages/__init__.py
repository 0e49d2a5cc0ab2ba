"""Tests of pages: one company is built for all of them, and what a test changes is undone after it."""
