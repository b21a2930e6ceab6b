"""perfstudio: record improvised performances at home, keep them safe, and give them away only with consent."""

__version__ = "0.1.0"
