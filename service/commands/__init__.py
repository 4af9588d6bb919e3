"""Commands that work on a town's data; `cli.py` reads what was typed and calls them."""
