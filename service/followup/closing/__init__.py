"""Closing a case, the contacts after it, and the way back in."""
