"""The bundled world: `world` loads it, `formats` writes it as feeds and pages, `server` serves it on loopback."""
