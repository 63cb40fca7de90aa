"""Laboratory values and events graded by CTCAE, and the tables that a paper makes of them.

The modules are pure but for `criteria`, which reads the shipped rules; tables are read and written
by `screener.outcome_inputs` and `screener.outcome_runs`.
"""
