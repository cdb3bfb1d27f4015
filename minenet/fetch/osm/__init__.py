"""OpenStreetMap, anywhere: from files and from its services, mapped to the tables of an area."""
