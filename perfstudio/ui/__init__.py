"""Floor 3: the window. The only place that knows Qt, and (with `words`) the only place that speaks in sentences."""
