"""what a town needs from its first day to its last"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One call for each room that keeps something new."""
    _themes_of_hosts()


def _themes_of_hosts() -> None:
    """支援のテーマ: nobody has said so far what a host helps with."""
    op.add_column("host", sa.Column("themes", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    raise NotImplementedError("元に戻すには、移行前に控えたファイルを使ってください。")
