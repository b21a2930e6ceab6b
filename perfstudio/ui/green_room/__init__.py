"""Parts of the green room: the steps, what to do now, the picture in its room, and what was found."""
