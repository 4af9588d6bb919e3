"""Rhythms: from which day on, how often, and in what way a tie is looked after. Data; the dates are computed here."""
