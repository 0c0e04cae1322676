"""Worker processes: finding the app in each of them."""
