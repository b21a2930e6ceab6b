"""The constant offset between a camera and a microphone, measured by claps or a flashing picture."""
