"""what a town keeps of figures, of signed doors and of who may see what"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _consent()


def _consent() -> None:
    """Of the words a person agreed to."""
    op.add_column("consent", sa.Column("document_version", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    raise NotImplementedError("元に戻すには、移行前に控えたファイルを使ってください。")
