"""A whole installation from Debian's packages and the files under deploy/: `make server-test`."""
