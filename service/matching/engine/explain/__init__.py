"""Why there, why not there, why nobody, and what one change would do."""
