"""Cameras and microphones: which there are, how each is opened, and what every one delivers."""
