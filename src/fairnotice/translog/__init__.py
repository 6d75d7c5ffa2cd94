"""The transparency log's core: tree, tiles, signed notes, proofs, commitments and their verification.

Pure: standard library, ``cryptography`` and ``rfc8785``; no Django. Formats are those of C2SP (signed-note,
tlog-checkpoint, tlog-tiles, tlog-proof, tlog-cosignature, tlog-policy) over the Merkle tree of RFC
6962 with SHA-256.
"""
