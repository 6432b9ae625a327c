"""How sure the candidate types are, and whether there are types at all."""
