"""One file per verb: the first line of its docstring is its help."""
