"""Each of the 33 primitives of published programmes, at both sides of its boundary."""
