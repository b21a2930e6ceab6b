"""What Linux, macOS and Windows call the same thing: one file a matter, the three versions side by side.

A file has one class for each system, `for_system` chooses between them, and its contract is tried on all that can run
here. What was written from documents alone says which, and that it was not run.
"""
