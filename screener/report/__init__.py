"""The study report: its contents, figures, tables and pages."""
