"""Floor 1: devices, the one clock, the recorder, the raw files and the finished take.

Siblings of floor 1 are never imported; what checks measure while rolling comes in as taps (plain callables).
"""
