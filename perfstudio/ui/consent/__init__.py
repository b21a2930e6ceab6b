"""The pieces of the Consent page: the use grid, the reader for terms and receipts, the card that is signed."""
