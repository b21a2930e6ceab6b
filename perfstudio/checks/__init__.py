"""Floor 1: what a sound recordist and a director of photography would notice. Pure functions over arrays and files."""
