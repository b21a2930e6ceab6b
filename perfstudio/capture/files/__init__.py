"""The files a recording is written to, each readable up to the last byte that reached the disk."""
