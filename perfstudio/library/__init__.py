"""Floor 1: take folders are the truth, SQLite is an index that can be made anew at any time."""
