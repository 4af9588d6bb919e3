"""Work that outlives the request that asked for it, kept in the town's own database until somebody has done it."""
