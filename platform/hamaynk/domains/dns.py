"""The question to the DNS: does the domain carry our token?"""

import dns.exception
import dns.resolver
from django.conf import settings

from hamaynk.domains.models import DomainClaim

SECONDS = 4.0


def fault_of(claim: DomainClaim) -> str:
    """ "" where the record is there and says the token; else a code of `DomainClaim.Fault`."""
    resolver = _resolver()
    try:
        answer = resolver.resolve(claim.record_name, "TXT", lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return DomainClaim.Fault.NO_RECORD
    except dns.exception.DNSException:
        return DomainClaim.Fault.SILENT
    said = {b"".join(record.strings).decode("ascii", "replace").strip() for record in answer}
    return "" if claim.record_value in said else DomainClaim.Fault.WRONG_VALUE


def _resolver() -> dns.resolver.Resolver:
    """The machine's own, or those named in DNS_SERVERS ("127.0.0.1:5353, 9.9.9.9")."""
    resolver = dns.resolver.Resolver(configure=not settings.DNS_SERVERS)
    if settings.DNS_SERVERS:
        resolver.nameservers = [
            dns.nameserver.Do53Nameserver(host, int(port or 53))
            for host, _colon, port in (server.strip().partition(":") for server in settings.DNS_SERVERS.split(","))
        ]
    return resolver
