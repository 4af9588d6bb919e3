"""つなぐシート: what comes in, who takes it up, and what is decided about it."""
