"""Pages about what platforms report, for everybody, where this site has a store of the EU's dumps."""
