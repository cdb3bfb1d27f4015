"""No figure of a result that does not hold: every benchmark looks at what it measured."""

import sys

import minenet

__all__ = ["sound"]


def sound(result, area):
    """Return a result after looking whether all that must hold does; end the benchmark where it does not."""
    broken = [finding for finding in minenet.verify(result, area) if finding.outcome == "broken"]
    if broken:
        sys.exit("\n".join(f"broken: {finding.what}: {finding.detail}" for finding in broken))
    return result
