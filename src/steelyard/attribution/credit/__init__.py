"""Credit of order lines under one rule or another: which rule is in force, what rules rest on, and how revenue moves."""
