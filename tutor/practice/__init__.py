"""Practising: interviews and what comes of an answer, drills, and the record of it all."""
