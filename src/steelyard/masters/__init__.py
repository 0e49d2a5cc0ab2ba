"""What all master data has in common: one way to declare, check, change, load, read and export it.

A master is declared once (`Master`: its catalogue kind, its two tables, what its columns refer to); `company`,
`products` and `partners` declare theirs in a file `masters.py` and inherit every verb from here.

Two tables hold each master: the *history*, where every statement ever made is kept ("since commit 12 we know that from
2012-07-01 on the territory was T4"), and the *current projection*, one row per key with the latest known values, for
pages and look-ups. Scoring reads histories only. There are no models here.
"""
