"""Measurements of this checkout: `python -m benchmarks`."""
