"""Handlers of this slice."""

RESOURCE_HANDLERS: list[type] = []
