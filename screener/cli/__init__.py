"""The command line; only this package speaks to a terminal."""
