"""The decorator families under their public paths."""
