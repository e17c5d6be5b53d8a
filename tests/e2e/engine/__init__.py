"""The real Pulumi engine: projects in private folders, and a stand-in for the provider that needs Azure."""
