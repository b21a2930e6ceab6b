"""Clips: a kept take as a file for a colleague, and a colleague's file that a take is played to."""
