"""Events: town halls, policy dialogue sessions, round tables, briefings, meetings and the rest.

Floor 4: MEET. Words: event, agenda item, invitation, attendance, speaking queue, note, minutes.
A rule of attribution is never loosened here.
"""
