"""Placements step by step: a pure table of steps and guards, and the verbs that move somebody along it."""
