"""`python -m minenet`."""

from minenet.cli import main

main()
