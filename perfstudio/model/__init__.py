"""Floor 0: the words of the house as frozen values.

Standard library, pydantic and the RFC 8785 canonicaliser only. Values that cross the border of the program (take.json,
pack.json, consent.json, studio.json, receipts) are pydantic models; values that stay inside are frozen dataclasses.
Nothing here opens a file, a device or a socket, and nothing here speaks in sentences: codes and numbers only.
"""
