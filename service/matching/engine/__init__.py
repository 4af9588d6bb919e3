"""The joint run's solver: several people, limited places, one plan with a proven bound. Pure: arrays in, arrays out."""
