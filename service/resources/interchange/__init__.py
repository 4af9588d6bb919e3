"""Files in and out: one reader per format, all giving the same drafts, and one way of writing tables."""
