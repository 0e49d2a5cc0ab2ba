"""Published figures held beside a result: every difference named, and all of them adding up to it, to the last digit."""
