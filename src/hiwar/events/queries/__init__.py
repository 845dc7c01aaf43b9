"""Questions about events; whatever leaves the room passes ``readable_by`` and the rule in force."""
