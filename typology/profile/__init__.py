"""What a profile card and the tables say, built from release tables and the summary only."""
