"""The recorder's process, seen from the window: started, asked, heard, replaced when it dies."""
