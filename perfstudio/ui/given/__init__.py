"""Parts of the page of what was given to whom."""
