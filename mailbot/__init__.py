"""mailbot: reads a library's shared mailbox and sees every message to the people who can help."""
