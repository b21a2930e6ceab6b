"""What may leave, and the queue that carries it."""
