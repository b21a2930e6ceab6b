"""Clocks: every observation of a device's time, and the one timeline made from them."""
