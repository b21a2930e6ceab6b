"""A film is shown and heard: its pictures, its sound, the clock that both follow, and the thread that drives them."""
