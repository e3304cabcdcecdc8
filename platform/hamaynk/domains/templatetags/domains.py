"""Hosts as people read them."""

from django import template

from hamaynk.domains.names import shown_host

register = template.Library()
register.filter("shown_host", shown_host)
