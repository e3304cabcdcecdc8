"""What the suite stands on: servers of its own, a prepared platform, two towns."""
