"""The documentation, and the generators of its reference: `python -m docs.generate`. No part of the package."""
