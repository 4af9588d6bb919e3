"""Handlers of this slice."""

DESK_HANDLERS: list[type] = []
