"""The forms that a document holds objects in, before they are judged: lists, templates, encrypted ones, comments."""
