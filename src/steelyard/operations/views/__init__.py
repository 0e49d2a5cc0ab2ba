"""Pages of operations: health, jobs, messages."""
