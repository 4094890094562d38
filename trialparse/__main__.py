"""`python -m trialparse` and the command `trialparse`: the command line, which is imported here.

Ctrl-C ends a run with exit code 130 while it imports, too.
"""


def main() -> None:
    """Run the command line."""
    try:
        from trialparse.cli import main as run
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    run(prog_name="trialparse")


if __name__ == "__main__":
    main()
