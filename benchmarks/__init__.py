"""Measurements of the product, each a ratio or a mean in one run."""
