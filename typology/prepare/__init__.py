"""From a survey to the clustering input."""
