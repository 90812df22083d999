import pytest

from mailbot.classify.model import fit_topics
from mailbot.classify.starter import messages
from mailbot.classify.topical import TopicModel


@pytest.fixture(scope="session")
def topic_model() -> TopicModel:
    """Fitted on a sixth of the collection, which takes a second."""
    return fit_topics(messages(), every=6)
