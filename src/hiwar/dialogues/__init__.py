"""Dialogues: statements, votes, moderation and opinion maps, from the first idea to common ground.

Floor 4: LISTEN. Words: dialogue, round, statement, vote, participant, opinion group, shared and
dividing statement. Nothing here links a vote to a contact.
"""
