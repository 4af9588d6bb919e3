"""The benchmark of the joint run: our engine and everybody else on the same made-up towns."""
