"""One file a command; a command is found because its file is here."""
