"""Numeric models that know nothing of surveys: mixtures, latent scores, null models, agreement."""
