"""What was seen and heard: the 90-second record, also without a network, and what has to be arranged after it."""
