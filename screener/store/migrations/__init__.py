"""Migrations of the schema, run by `screener.store.schemas`."""
