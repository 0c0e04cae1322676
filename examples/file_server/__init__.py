"""Uploads straight to disk, downloads in ranges, a view of the folder."""
