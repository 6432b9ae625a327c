"""Lets ``python -m typology`` do what ``typology`` does."""

from typology.cli import main

if __name__ == "__main__":
    main()
