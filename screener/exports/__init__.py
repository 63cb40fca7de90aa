"""Rows out: a run's tables written as CSV, JSON Lines or Parquet."""
