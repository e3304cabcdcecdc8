"""A published month as data to take away: CSV, XLSX, JSON, Fiscal Data Package, and its entry in the town's catalogue.

`values` and the builders (`table`, `workbook`, `dictionary`, `fiscal_package`, `files`) know no database; `source` reads
published months, `facts` keeps sizes and checksums of files, `datasets` is what the catalogue asks.
"""
