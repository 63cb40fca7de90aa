"""The schema of a store, brought up to date by the migrations that ship with the program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from screener.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection

_FOLDER = Path(__file__).resolve().parent / "migrations"


def upgrade_schema(connection: Connection, to: str = "head") -> None:
    """Bring the schema to a revision, the newest by default, inside the caller's transaction."""
    script = _script()

    def revisions(current: Any, _context: object) -> object:  # noqa: ANN401 - alembic's own type
        return script._upgrade_revs(to, current)

    with EnvironmentContext(Config(), script, fn=revisions) as environment:
        environment.configure(connection=connection, transactional_ddl=True)
        environment.run_migrations()


def check_schema(connection: Connection) -> None:
    """Raise `StoreError` where the schema is not that of this version of the program."""
    has = MigrationContext.configure(connection).get_current_revision()
    wants = _script().get_current_head()
    if has is None:
        raise StoreError("The store holds no study. Make one: screener study init.")
    if has != wants:
        raise StoreError(
            f"The store has schema {has}, this version of screener has {wants}."
            " Run: screener study upgrade, or use the newer version."
        )


def _script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return ScriptDirectory.from_config(config)
