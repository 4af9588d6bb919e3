"""Who fits where, and why: a pure core on frozen facts, with the slice's pages around it."""
