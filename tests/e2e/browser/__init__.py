"""A real browser for pages: the distribution's Chromium, driven by Playwright, and axe-core from its package."""
