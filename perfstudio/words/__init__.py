"""The sentences of the house: codes and numbers in, calm words out. No Qt; used by the window and the command line."""
