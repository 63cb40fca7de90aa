"""A draft of a read, of an amendment and of a second look are each kept apart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"

# Until now a locked case had one draft, and nothing told of what: it is offered as an amendment.
_OF_LOCKED = """
    UPDATE drafts SET kind = 'amendment' WHERE EXISTS (
        SELECT 1 FROM reads
        WHERE reads.reader = drafts.reader AND reads.case_id = drafts.case_id)
"""


def upgrade() -> None:
    """Tell drafts apart by what they are to become."""
    with op.batch_alter_table("drafts") as drafts:
        drafts.add_column(sa.Column("kind", sa.String(16), nullable=False, server_default="first"))
        drafts.drop_constraint("pk_drafts", type_="primary")
        drafts.create_primary_key("pk_drafts", ["reader", "case_id", "kind"])
    op.execute(_OF_LOCKED)


def downgrade() -> None:
    """Refuse: what was entered is never thrown away."""
    raise NotImplementedError
