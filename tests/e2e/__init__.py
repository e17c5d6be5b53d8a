"""Tests against real servers; see README.md beside this file for what is real and where it ends."""
