"""`orgctl` and `python -m orgctl`."""


def main() -> None:
    """Run the command line. Imported here, so that importing this module costs nothing."""
    from orgctl.cli import orgctl

    orgctl()


if __name__ == "__main__":
    main()
