"""Benchmarks of the trainer beside what people use elsewhere: TRL for training, lm-eval for scoring."""
