"""Who opens invitation links on this computer: asked of the system, put there and taken away when a person says so."""
