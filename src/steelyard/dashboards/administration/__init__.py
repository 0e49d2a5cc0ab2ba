"""The pages of administration: people, what they see, settings, the trail, health."""
