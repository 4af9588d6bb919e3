"""Who signs in: invited by one and agreed to by another, stopped by either at once."""
