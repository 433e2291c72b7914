"""The front door: the command line and the order in which the rooms do their work."""
