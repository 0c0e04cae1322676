"""From decorators to records, and from records to a running application."""
