"""Practice devices: a drawn performer in a room and a voice, on one shared clock, with faults on request.

They are products: they drive the first start, the demo, the self-test of installers and the tests. The lamp in the
room lights up at the very moment the sound clicks (`plan.flash_times`), and every picture carries its own time in
a strip in its corner (`strip`), so that what was recorded can be measured (`readback`).

Practice time is seconds since `plan.ORIGIN_NS`, one point for all practice devices of a process.
"""
