"""What a check has to say, and the forms it is said in: terminal, JSON, SARIF, JUnit, annotations, Markdown.

Formatters are pure: plain findings in, text out. None reads a file, a clock or the environment.
"""
