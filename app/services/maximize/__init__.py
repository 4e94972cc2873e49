"""Feature maximization: which input drives a unit most."""
