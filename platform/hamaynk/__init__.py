"""The kernel of Hamaynk: contract, accounts, events, the shells of the surfaces, and the composition root."""
