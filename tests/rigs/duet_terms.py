"""What one who plays with a partner says of themselves."""

from __future__ import annotations

from perfstudio.model.duet_terms import DuetTerms

TERMS = DuetTerms(performer_id="p-17", adult=True)
