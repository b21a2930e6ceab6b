"""A film that plays, with its sound: for the review and the green room."""
