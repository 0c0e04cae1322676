"""The measured applications: one per framework, the same routes in each."""
