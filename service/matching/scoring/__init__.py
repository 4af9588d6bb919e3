"""How well a place suits a person beyond the rules."""
