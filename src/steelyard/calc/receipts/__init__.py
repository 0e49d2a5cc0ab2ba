"""Receipts: what one subject's published score says of itself, its number, and a bundle from which anybody computes it again.

`document` writes a receipt, `peers` says whom it was compared with, `bundle` and `histories` pick what a bundle holds,
`archive` is its file, `recompute` computes everything in it again and compares.
"""
