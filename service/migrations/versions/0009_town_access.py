"""what a town keeps of figures, of signed doors and of who may see what"""

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    raise NotImplementedError("元に戻すには、移行前に控えたファイルを使ってください。")
