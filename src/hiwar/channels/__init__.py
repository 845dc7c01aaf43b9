"""Channels: one outbox for the whole house, and what people write back.

Floor 3, REGISTER. The only room that opens a socket; it carries messages and knows neither
votes nor events. Words: channel, address, batch, message, suppression.
"""
