"""How services are asked: politely, with patience, and with every answer looked at before it is believed.

`store` keeps answers on disk, `asking` sends questions and tries again, `answers` reads pages of features and notices
what is wrong with them; `wfs`, `ogc` and `arcgis` know how each kind of service counts and turns pages.
"""

from minenet.fetch.web.asking import Patience, Web
from minenet.fetch.web.store import Store, default_folder

__all__ = ["Patience", "Store", "Web", "default_folder"]
