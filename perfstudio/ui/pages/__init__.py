"""The pages. Each is handed views and callables by its constructor and knows no other package of the program."""
