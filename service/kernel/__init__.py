"""What every room of the house stands on: no page, no slice, no network."""
