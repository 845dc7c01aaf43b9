"""What the columns of a line for each vote may be called, the best name first."""

from hiwar.analysis.reading.tables import named

ROLES = {
    "participant": named(
        "participant", "participant-id", "voter", "voter-id", "pid", "registration-id",
        "respondent", "respondent-id", "user-id", "person-id", "مشارك", "المشارك", "رقم المشارك",
        "رقم التسجيل", "participante", "numéro du participant",
    ),
    "statement": named(
        "statement", "statement-id", "comment-id", "tid", "statement-number", "رأي", "الرأي",
        "رقم الرأي", "العبارة", "رقم العبارة", "proposition", "énoncé",
    ),
    "vote": named(
        "vote", "answer", "response", "choice", "صوت", "الصوت", "التصويت", "الجواب", "الإجابة",
        "réponse",
    ),
    "time": named(
        "time", "timestamp", "created-at", "created", "date", "datetime", "وقت", "الوقت",
        "التاريخ", "heure",
    ),
    "conversation": named("zid", "conversation-id"),
}  # fmt: skip
REQUIRED = frozenset({"participant", "statement", "vote"})
IGNORED = frozenset(
    {"datetime", "important", "importance", "high-priority", "weight-x-32767", "modified"}
)
