"""The hosts' own face: phone first, its own handlers, objects and frame; it shows what was agreed and nothing else."""
