"""Names of which we know whom they mean, made up: for training the first model, and for measuring any.

Nothing here uses `calc.matching`, and nothing there uses this: the normaliser must not know how names were spoilt.
"""
