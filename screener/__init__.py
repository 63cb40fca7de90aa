"""Screen exported radiology reports for a research question and rank the patients."""
