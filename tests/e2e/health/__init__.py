"""The health checks in the evaluators that the tools themselves use."""
