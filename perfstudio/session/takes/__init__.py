"""A take from its draft to its seal: made, processed, recovered, reviewed, verified."""
