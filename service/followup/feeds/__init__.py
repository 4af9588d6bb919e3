"""Calendars of others: our days as a feed, their busy times as blocks, and the hosts' yes to a visit."""
