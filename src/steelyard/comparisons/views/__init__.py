"""Pages of comparisons: the list, a new one, one with its parts."""
