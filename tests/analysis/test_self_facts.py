import pytest

from hiwar.analysis.self_facts import is_about_oneself


@pytest.mark.parametrize(
    "text",
    [
        "I am entitled to vote in this town",
        "I'm a student",
        "I live in a rural area.",
        "I have lived here for ten years",
        "“I usually cycle to work”",
        "I am 25 or younger",
        "أنا طالبة في الجامعة",
        "أسكن في مخيم",
        "أعيش في القدس منذ عشر سنوات",
        "يحق لي التصويت",
    ],
)
def test_facts_about_the_person_are_proposed(text):
    assert is_about_oneself(text)


@pytest.mark.parametrize(
    "text",
    [
        "I think taxes are too high",
        "I am worried about the water",
        "I am in favour of a new school",
        "The municipality should publish its budget",
        "We live in a democracy",
        "أعتقد أن الضرائب مرتفعة",
        "أنا مع فتح الحديقة",
        "تُنشر موازنة البلدية كل عام",
        "",
        None,
    ],
)
def test_opinions_are_not(text):
    assert not is_about_oneself(text)
