"""Floor 1: terms, the signed record of what a take may be used for, and the receipt a performer keeps."""
