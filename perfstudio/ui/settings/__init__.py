"""The sections of the Settings page and what they are made of."""
