"""From open devices to bytes on the disk while a take rolls."""
