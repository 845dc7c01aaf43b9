"""Private links: addresses that only their holder knows, made in one place for every room.

A room registers a `Purpose`, keeps a foreign key down to a `PrivateLink`, makes one with
`actions.make_link`, and opens its pages with `pages.behind_link`. Logs read `purposes` before
there are models, so nothing is imported here.
"""
