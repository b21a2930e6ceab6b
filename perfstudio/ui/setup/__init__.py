"""The pieces of the Settings page: pickers, the devices with their preview, and rows of choices."""
