"""Readers: each turns AWS answers into resources of `orgctl.model`."""
