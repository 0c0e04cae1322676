"""The base of applications and blueprints under its public path."""
