"""Flows join pages and rooms: what a press on one page means for the others. One subject a file, no widgets."""
