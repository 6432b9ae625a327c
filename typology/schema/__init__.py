"""The files a study is made of: study file, codebook, risk-factor catalogue."""
