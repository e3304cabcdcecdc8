"""What keeps the house in order: message catalogues, checks of style, types, layers and sizes."""
