"""What happens to errors of the start."""
