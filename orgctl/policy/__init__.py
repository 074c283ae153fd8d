"""The policy language, without I/O: documents, their meaning, and how two of them differ."""
