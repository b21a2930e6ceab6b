"""Two at two machines: how they find each other, and what the line between them is like."""
