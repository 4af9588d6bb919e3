"""what the two networks last knew of each other's writing"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('exchanged_item',
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('item_id', sa.String(), nullable=False),
    sa.Column('parts', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'item_id', name=op.f('pk_exchanged_item'))
    )


def downgrade() -> None:
    raise NotImplementedError("元に戻すには、移行前に控えたファイルを使ってください。")
