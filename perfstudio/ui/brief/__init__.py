"""Parts of the page of a brief: the character, the scene, what to choose, what to know, what to see and hear."""
