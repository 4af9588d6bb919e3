"""what could be changed for those a joint run leaves"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('joint_run', schema=None) as batch_op:
        batch_op.add_column(sa.Column('prospects', sa.JSON(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("元に戻すには、移行前に控えたファイルを使ってください。")
