"""Every broken area ends in a named error or a counted repair; what is found in a mended one holds all invariants."""

import hashlib
from functools import cache

import pandas as pd
import pytest
from corpus import FRAMES, good

from minenet import assess, make_area, verify
from minenet.errors import MinenetError

_ASSESSED = {}


def fingerprint(area):
    """Return what tells two areas apart, whatever was counted on the way."""
    digest = hashlib.sha256()
    for name, layer in area.layers.items():
        table = pd.DataFrame(layer.drop(columns="geometry")).assign(shape=layer.geometry.to_wkb(hex=True))
        digest.update(f"{name} {layer.crs}\n{table.to_json()}".encode())
    return digest.hexdigest()


def assessed(area):
    """Assess an area; broken areas that are mended to the same one are assessed once."""
    key = fingerprint(area)
    if key not in _ASSESSED:
        _ASSESSED[key] = assess(area)
    return _ASSESSED[key]


@cache
def good_fingerprint():
    return fingerprint(make_area(good()))


def broken(area):
    return [f"{f.what}: {f.detail}" for f in verify(assessed(area), area) if f.outcome == "broken"]


def test_the_good_area_is_good():
    area = make_area(good())
    assert not [key for key in area.provenance if not key.startswith("read.") and key != "not_given.addresses"]
    assert not broken(area)
    assert len(assessed(area).clusters) == 1


def counts_of(area):
    found = assessed(area).provenance
    return {**area.provenance, **dict(zip(found["key"], found["value"], strict=True))}


@pytest.mark.parametrize("name", list(FRAMES))
def test_broken_frames(name):
    case = FRAMES[name]
    if case.error is not None:
        with pytest.raises(MinenetError, match=case.error) as raised:
            assess(make_area(case.spoil(good())))
        assert raised.value.mend or raised.value.where
        return
    area = make_area(case.spoil(good()))
    assert not broken(area)
    counts = counts_of(area)
    assert case.counted.items() <= counts.items(), {k: v for k, v in counts.items() if not k.startswith("assumption.")}
    if case.same:
        assert fingerprint(area) == good_fingerprint()
