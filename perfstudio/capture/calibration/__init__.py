"""How far the sound is from the picture, measured from what a camera and a microphone recorded of the same events.

Pure functions over arrays: `film` reads a recording into small grey pictures and samples, `ticks` finds sharp sounds,
`claps` holds them against hands that meet, `flashes` against light that comes and goes, `consensus` says what all
events together allow and how sure that is, or that it is not sure enough. `pattern` makes a film of flashes and clicks.

All offsets are sound minus picture in milliseconds: positive, the sound is late. A picture is said to show the middle
of its exposure, so that a long exposure shifts nothing.
"""
