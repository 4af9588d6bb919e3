"""Handlers of this slice."""

CASE_HANDLERS: list[type] = []
