"""Pages of all masters, made from their declarations: the index, a list, one record, what changes it."""
