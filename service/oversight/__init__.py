"""Who looked at what: the log of the town, the log of one case, and cases opened in an emergency."""
