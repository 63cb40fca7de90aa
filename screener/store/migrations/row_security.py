"""Who sees which rows on PostgreSQL, enforced by the database and not by this program.

Every reader has a role. A role sees its own rows; the cases it is to read; the others' reads of a
case only when all who were to read it have locked it, and only if the charter lets it; the screen's
highlights of a case when it has locked that case itself. Of `origins` and `log` it sees nothing.
The names of tables and columns are those of this revision.
"""

from __future__ import annotations

from alembic import op

_ME = "(SELECT name FROM readers WHERE role = current_user)"
_MINE = f"reader = {_ME}"

# The functions run with their owner's rights: a policy on `reads` may not itself be kept from them.
# None takes the name of a reader: what one asks of them is about oneself.
_CALLER = (
    "CASE current_setting('role') WHEN 'none' THEN session_user ELSE current_setting('role') END"
)
_FUNCTIONS = (
    """
    CREATE FUNCTION is_complete(asked varchar) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
        SELECT EXISTS (SELECT 1 FROM assignments WHERE case_id = asked AND task = 'primary')
        AND NOT EXISTS (
            SELECT 1 FROM assignments a WHERE a.case_id = asked AND a.task = 'primary'
            AND NOT EXISTS (
                SELECT 1 FROM reads r
                WHERE r.case_id = asked AND r.reader = a.reader AND r.kind = 'first'))
    $$
    """,
    "REVOKE EXECUTE ON FUNCTION is_complete(varchar) FROM PUBLIC",
    f"""
    CREATE FUNCTION shows_others(asked varchar) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
        SELECT (SELECT others FROM study LIMIT 1) = 'when_complete'
        AND (SELECT NOT is_adjudicator FROM readers WHERE role = {_CALLER})
        AND is_complete(asked)
    $$
    """,
    f"""
    CREATE FUNCTION i_locked(asked varchar) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
        SELECT EXISTS (
            SELECT 1 FROM reads JOIN readers ON name = reader
            WHERE case_id = asked AND role = {_CALLER})
    $$
    """,
)
_ASSIGNED = "EXISTS (SELECT 1 FROM assignments a WHERE a.case_id = {table}.case_id)"
_MAY_HIGHLIGHT = (
    "CASE (SELECT highlights FROM study LIMIT 1) WHEN 'always' THEN true"
    " WHEN 'after_lock' THEN i_locked(case_id) ELSE false END"
)
# table, command, which rows; a policy for INSERT checks the new row, the others the rows there are
_POLICIES = (
    ("assignments", "SELECT", _MINE),
    ("cases", "SELECT", _ASSIGNED.format(table="cases")),
    ("case_reports", "SELECT", _ASSIGNED.format(table="case_reports")),
    ("highlights", "SELECT", f"{_ASSIGNED.format(table='highlights')} AND {_MAY_HIGHLIGHT}"),
    ("openings", "ALL", _MINE),
    ("drafts", "ALL", _MINE),
    ("reads", "SELECT", f"{_MINE} OR shows_others(case_id)"),
    ("reads", "INSERT", f"{_MINE} AND {_ASSIGNED.format(table='reads')}"),
    ("heads", "SELECT", f"chain = {_ME}"),
    ("heads", "UPDATE", f"chain = {_ME}"),
    ("log", "ALL", "false"),
    ("origins", "ALL", "false"),
)


def secure_rows() -> None:
    """Turn row-level security on, on PostgreSQL; roles are made as readers are added."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for function in _FUNCTIONS:
        op.execute(function)
    for table in dict.fromkeys(table for table, _, _ in _POLICIES):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    for table, command, rows in _POLICIES:
        checks = f"WITH CHECK ({rows})" if command == "INSERT" else f"USING ({rows})"
        name = f"{table}_{command.lower()}"
        op.execute(f"CREATE POLICY {name} ON {table} FOR {command} {checks}")
