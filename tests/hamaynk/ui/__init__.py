"""Tests of the common dress."""
