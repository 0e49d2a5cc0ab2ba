"""Pages of accounts: the way in and out, passwords, the own account."""
