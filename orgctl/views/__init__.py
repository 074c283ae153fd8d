"""Values as text, JSON, Markdown or pictures. A view decides nothing: it writes what the value holds."""
