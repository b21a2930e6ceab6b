"""Parts of the page of scenes: a pack's header and a scene's tile."""
