"""The live line between two machines: what they send each other, and how they reach each other."""
