"""The two makers of a `State`: `desired` from the manifest, `actual` from what was read of AWS."""
