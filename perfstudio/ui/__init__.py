"""Floor 3: the window. The only place that knows Qt, and (with `texts`) the only place that speaks in sentences."""
