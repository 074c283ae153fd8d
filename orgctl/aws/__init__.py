"""AWS as orgctl sees it: sessions and pacing, typed readers, one way to write. boto3 lives here only."""
