"""Plans with goals and roles, and what came of them."""
