"""The town's public web site."""
