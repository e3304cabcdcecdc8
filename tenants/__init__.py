"""Who we serve and where their data lies: towns, hosts, database identities, provisioning, migrations of all towns."""
