"""The green room: five steps that measure the room before the first take."""
