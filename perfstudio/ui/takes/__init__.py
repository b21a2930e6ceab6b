"""Parts of the page of takes."""
