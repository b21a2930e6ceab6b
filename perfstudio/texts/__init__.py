"""Codes and numbers into sentences. No Qt.

Every text is English source text in a table and passes through `speech.say`, so that a translation has one door to come
through. The style: short, calm, concrete. What happened, what is safe, what to do; never blame, never a code number.
"""
