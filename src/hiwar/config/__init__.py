"""The roof: settings, addresses and entry points. Sees every room and holds no logic."""
