"""chipreel follows the AI-video and AI-chip race in English and Chinese."""

#: As in pyproject.toml. Asking the installation takes 10 ms, at every visit to the web.
__version__ = "0.1.0"
