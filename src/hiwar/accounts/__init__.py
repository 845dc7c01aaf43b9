"""Ground floor: who works here, in which role, and how they prove it is them.

Words: user, role, invitation, second factor (passkey, authenticator app, recovery codes),
session, institution.
"""
