"""相談支援機関等一覧: who handles what, and how to reach them."""
