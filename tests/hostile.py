"""Text that tries to become code, in every text column and in column names."""

import pandas as pd
from hand_drawn import drawn_result

from minenet.tables import RESULT_TABLES

HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)>${alert(3)}`'\"\\{{7*191}}{% print 7*191 %}"
    "{#<!--\u2028\u2029]]>&lt;@@data@@ 😀 \u202e\u05e9\u05dc\u05d5\u05dd\u202c =cmd|'/C calc'!A0 " + "x" * 300
)
FIXED = {"cluster_id", "variant", "home_id", "borehole_id", "pipe_id", "layer", "key"}
"""Columns that tie the tables together; a hostile suffix is put on the clusters' ids separately."""


def hostile_result(**replaced):
    """Return the hand-drawn result with hostile text wherever text may stand, and in a column name."""
    plain = drawn_result()
    layers = {}
    for name, frame in plain.layers.items():
        texts = [c.name for c in RESULT_TABLES[name].columns if c.kind == "text" and c.values is None]
        changed = {column: HOSTILE for column in texts if column not in FIXED and len(frame)}
        layers[name] = frame.assign(**changed) if not len(frame) else frame.assign(**changed, **{HOSTILE: HOSTILE})
    for name, frame in layers.items():
        if "cluster_id" in frame and len(frame):
            layers[name] = frame.assign(
                cluster_id=frame["cluster_id"].where(frame["cluster_id"].isna(), frame["cluster_id"] + HOSTILE)
            )
    layers["clusters"] = layers["clusters"].assign(reasons="a;" + HOSTILE)
    keys = ["attribution", f"input.{HOSTILE}.gpkg.sha256", "minenet.version", HOSTILE]
    layers["provenance"] = pd.DataFrame({"key": keys, "value": HOSTILE}, dtype="str")
    return type(plain)(**{**layers, **replaced})
