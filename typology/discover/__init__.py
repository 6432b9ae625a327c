"""From the clustering input to candidate types."""
