"""The person behind a match: household, consent, assessment — the part of the case that matching needs."""
