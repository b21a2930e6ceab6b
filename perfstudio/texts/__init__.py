"""Codes and numbers into sentences. No Qt.

Every text is English source text, marked for the catalogue (`perfstudio.language`) and looked up where it is said. The
style: short, calm, concrete. What happened, what is safe, what to do; never blame, never a code number.
"""
