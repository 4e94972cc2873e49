"""One script a claim, peers beside us in one run. ``make bench`` runs them all."""
