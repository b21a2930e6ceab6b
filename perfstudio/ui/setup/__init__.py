"""The pieces of the Settings page: devices with a live preview, the look, storage, the person, the keys."""
