"""つなぎ — participation-support matching: the people, the places, and the tie between them."""
