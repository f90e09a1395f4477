"""Tests of reading in another process."""
