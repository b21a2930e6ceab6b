"""Puts the material of this folder within reach of the evaluation below it."""
