"""minenet finds the streets where a mini heat network makes sense."""

from minenet.assumptions import Assumptions

__all__ = ["Assumptions"]

__version__ = "0.1.0"
