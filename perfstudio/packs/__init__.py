"""Floor 1: packs come in as data only, are validated whole, and are kept under hash names."""
