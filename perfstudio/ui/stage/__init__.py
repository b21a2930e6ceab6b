"""The pieces of the stage: what lies over the picture, and how large it is for eyes that are two metres away."""
