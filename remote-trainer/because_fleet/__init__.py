"""Looks after runs where they are trained: who holds a run, what was asked for, how it is getting on.

Needs nothing but Python, and knows of a run what its folder says. The trainer itself runs as a process of its own.
"""
