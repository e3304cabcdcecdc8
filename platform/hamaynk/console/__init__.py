"""The operators' console: towns, onboarding, modules."""
