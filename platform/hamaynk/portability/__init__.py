"""One town as one file: taken out while it works, proved, put in again here or elsewhere (docs/adr/0020)."""
