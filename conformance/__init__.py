"""The same SQL put to several engines, which have to give the same answers: `make conformance`. See the README here."""
