"""Database engine `fairnotice.plumbing.sqlite`: durable settings and one fair queue of writers."""
