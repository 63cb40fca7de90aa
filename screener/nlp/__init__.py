"""The text of a report to passages with findings; the only home of spaCy and medspaCy."""
