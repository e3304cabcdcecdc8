"""Open data of one town: datasets as values, and the DCAT-AP catalogue made of them. No Django, no database.

A module gives its datasets by `Manifest.datasets`; the town's site serves the catalogue (`public_sites.open_data`).
"""

from hamaynk.opendata.values import Catalogue, Contact, Dataset, Distribution, Series, Words

__all__ = ["Catalogue", "Contact", "Dataset", "Distribution", "Series", "Words"]
