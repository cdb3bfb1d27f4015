"""How services are asked: politely, with patience, and with every answer looked at before it is believed.

`store` keeps answers on disk, `asking` sends questions and tries again, `answers` reads pages of features and notices
what is wrong with them; `wfs`, `ogc` and `arcgis` know how each kind of service counts and turns pages.
"""
