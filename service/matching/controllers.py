"""Handlers of this slice."""

MATCHING_HANDLERS: list[type] = []
