"""One file a login form; a form is found because its file is here. See base.py."""
