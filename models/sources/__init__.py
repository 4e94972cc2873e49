"""Where weights come from, and how they get onto this machine. `models.weights` is the door."""
