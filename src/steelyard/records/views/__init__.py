"""Pages of questions and saved views."""
