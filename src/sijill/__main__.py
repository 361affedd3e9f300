"""`python -m sijill` is `sijill`."""

from sijill.cli.main import main

if __name__ == "__main__":
    main()
