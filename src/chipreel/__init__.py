"""chipreel follows the AI-video and AI-chip race in English and Chinese."""
