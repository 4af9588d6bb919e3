"""People who work here: their roles, what each may do, and how they sign in."""
