"""What a network has learned at a checkpoint: mistakes, robustness, layers, surfaces."""
