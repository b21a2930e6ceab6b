"""Floor 2: the use cases that join the rooms of floor 1. No Qt, no device library, no SQL."""
