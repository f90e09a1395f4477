"""Measurements of the package that take too long for the test suite, or need data that is not part of it."""
