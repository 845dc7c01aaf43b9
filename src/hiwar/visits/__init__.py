"""Delegations that come to see for themselves: programme, travellers, pack, feed, what follows.

Floor 6, above events and beside forums. Words: visit, item, leg, traveller, permit, booking, pack,
version. An item is an event with what a delegation needs around it.
"""
