"""支援関係機関の人: who of another agency works on a case, and the shared parts of it that they read."""
