"""`orgctl` and `python -m orgctl`."""


def main() -> None:
    """Run the command line. Imported here, so that importing this module costs nothing.

    Manifests, plans and tests are many values that live until the command ends. The garbage collector would go through
    all of them again and again, for nothing; so it looks less often. It still bounds what a long batch keeps.
    """
    import gc

    from orgctl.cli import orgctl

    gc.set_threshold(50_000, 20, 50)
    orgctl()


if __name__ == "__main__":
    main()
