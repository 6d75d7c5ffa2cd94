"""Which organisation answers for an address, a domain or a network, through which chain, and how to reach it.

Holds organisations only: companies, associations, public bodies and others that stand in a public registry or
agreed to be listed. There is no row for a private person, and nothing here looks anything up on the network.
"""
