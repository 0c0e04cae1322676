"""A JSON service with a database: blueprints, API versions, class-based views, validation."""
