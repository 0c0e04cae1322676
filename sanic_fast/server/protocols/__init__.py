"""Protocol classes: one instance per connection."""
