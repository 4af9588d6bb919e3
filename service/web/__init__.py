"""The kit every page is built from; the slices stand above it."""
