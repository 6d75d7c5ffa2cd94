"""Sign-in and roles of the people who work here. Sign-up is closed: `fairnotice user add` makes accounts."""
