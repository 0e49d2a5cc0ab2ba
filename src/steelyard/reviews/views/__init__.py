"""Pages of reviews: the queue, one review, cycles, asking about a number, a partner's documents."""
