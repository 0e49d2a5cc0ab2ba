"""Work that outlives a request: queued in the transaction that wants it, done by a worker, resumed when the worker is killed."""
