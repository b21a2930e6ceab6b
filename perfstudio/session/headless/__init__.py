"""Whole jobs without a window: record, calibrate, check, demo."""
