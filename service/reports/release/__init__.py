"""What may leave the office: few are hidden, and nobody can work them out from what is shown — now or with what left before."""
