"""What somebody has decided beforehand, and which of it cannot hold together."""
