"""what a town needs from its first day to its last"""

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One call for each room that keeps something new."""


def downgrade() -> None:
    raise NotImplementedError("元に戻すには、移行前に控えたファイルを使ってください。")
