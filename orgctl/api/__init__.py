"""What orgctl can do, one function a verb: values in, values out. The command line is a skin over these."""
