"""Papers of a case: for the person to sign, for the ministry's order, for others without a name."""
