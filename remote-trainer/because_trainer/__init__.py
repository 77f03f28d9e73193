"""The trainer of Because: trains causal language models on labels and their reasons, and scores them.

It knows the pipeline only through the run contract, `contract.schema.json`: a job folder goes in, a run folder
comes out, and a run is done when its manifest says so and the manifest's hashes hold.
"""
