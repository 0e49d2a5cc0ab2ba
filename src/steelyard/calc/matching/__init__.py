"""Which partner a name means, as far as that can be calculated."""
