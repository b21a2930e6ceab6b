"""The pieces of the Review page: playback and picture, waveform, what the checks found, the performer's own words."""
