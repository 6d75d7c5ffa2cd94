"""Reports of other platforms: Mastodon, Discourse, and ActivityPub's `Flag` (docs/fediverse.md and
docs/discourse.md).

What they send holds addresses and e-mails of people who are nobody's business here. Each reader therefore has
two steps, both pure: `reduce` takes the fields of its allow-list and leaves everything else, before anything
is written; `to_draft` makes a notice of what is left.
"""
