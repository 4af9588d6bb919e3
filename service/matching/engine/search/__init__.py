"""Finding a plan and proving it: greedy, in order, weighed, and by prices where the run is large."""
