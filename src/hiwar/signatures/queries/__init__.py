"""Questions about signing: what is signed, by whom, and who has not answered."""

from __future__ import annotations

from hiwar.signatures.queries.signatories import Signatories, signatories
from hiwar.signatures.queries.versions import open_version, signing_version

__all__ = ["Signatories", "open_version", "signatories", "signing_version"]
