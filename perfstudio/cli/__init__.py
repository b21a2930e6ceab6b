"""Floor 4: the command line. Each verb is a file; all do the same work as the window, with the same code.

Exit codes: 0 done, 1 a clear reason on one line of stderr, 2 wrong usage, 3 finished but a check says "retake".
"""
