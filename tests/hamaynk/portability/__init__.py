"""One town as one file: out, proved, and in again."""
