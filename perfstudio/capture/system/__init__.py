"""The computer beside the devices: kept awake, its sleep noticed, its battery read."""
