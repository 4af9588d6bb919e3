"""統計: what is counted over a period, what of it may leave the office, and who let it."""
