"""Tensors to bytes: npy, npz, safetensors, JSON, PNG sprite sheets, and the live frame."""
