"""Checks of helm/hamaynk: `make chart`.

The rules (`rules`, `references`, `network`, `processes`, `values`) are plain functions over manifests, without helm; their
tests are in tests/deploy/test_chart_rules.py. `__main__` renders the chart and puts everything to work.
"""
