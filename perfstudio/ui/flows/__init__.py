"""Flows join pages and use cases: what a press on one page means for the others. One subject a file, no widgets."""
