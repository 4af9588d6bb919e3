"""The planner with the office around it: whose days, which plan, what it would change, and who accepts it."""
