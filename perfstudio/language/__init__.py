"""The language that the performer is spoken to in: message catalogues, and how numbers, dates and lists are written.

Below Qt and below everything that has words, so that window, verbs and receipts speak alike.
"""
