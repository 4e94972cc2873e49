"""Train AlexNet, small (ours): `make train-alexnet DATA=…`.

Labelled pictures (CIFAR-10) and crops of photographs without labels go into every batch; for the
crops, EfficientNet-Lite0's answers are the teacher (Hinton, Vinyals and Dean, Distilling the
knowledge in a neural network, 2015, arXiv:1503.02531).
"""
