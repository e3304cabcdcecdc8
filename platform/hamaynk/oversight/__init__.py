"""The ministry: figures that towns published, compared. Reads no town's schema, ever."""
