"""Tests and the measurements that belong to them."""
