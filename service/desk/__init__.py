"""Pages across the slices: what to do today."""
