"""Places in town and what is known of them: hosts, sites, openings, conditions, how fresh it all is."""
