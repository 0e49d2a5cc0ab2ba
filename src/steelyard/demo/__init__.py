"""A sample company, generated from a seed: Corvane Diagnostics, a fictitious maker of laboratory and diagnostic equipment.

``generate.write`` writes its files, ``frames.frames`` gives its facts without files, ``load.load`` takes the files in.
"""
