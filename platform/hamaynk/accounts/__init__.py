"""Users, units, roles and permissions, sign-in. The same tables stand in every town, on the console and in oversight."""
