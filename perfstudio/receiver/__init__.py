"""Floor 1: the other end. A receiver for one small studio."""
