"""Keeping a town's data through fire, theft and mistakes: sealed copies, anchors of the log, and putting it all back."""
