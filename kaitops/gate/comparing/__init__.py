"""A change against its base: what merging does, deletes, deploys from elsewhere, and what it costs."""
