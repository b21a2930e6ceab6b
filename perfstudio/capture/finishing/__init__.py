"""From the raw files of a take to its film and its sound on one timeline."""
