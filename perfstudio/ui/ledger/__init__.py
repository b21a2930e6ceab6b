"""Parts of the ledger's page."""
