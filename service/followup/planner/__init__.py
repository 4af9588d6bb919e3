"""Who goes where on which day and in which order. Pure: numbers in, a plan out; no name, no database, no clock."""
