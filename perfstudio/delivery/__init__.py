"""Floor 1: the way out. A small tus 1.0 client, the outbox, and a worker that believes only what it read back."""
