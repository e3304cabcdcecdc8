"""What is proved of a release before it is given away: `make release-check`. Each file here is one question."""
