"""Trainings as work of the server: kept on disk, run in processes of their own, seen as jobs."""
