"""The ledger: an append-only Merkle log of a dialogue and the bundle that anyone can recount.

Tree hashing follows RFC 6962, files the C2SP formats signed-note, tlog-checkpoint,
tlog-tiles, tlog-proof and tlog-cosignature. `verifier` is one file that needs the
standard library alone, because it travels inside every bundle.
"""
