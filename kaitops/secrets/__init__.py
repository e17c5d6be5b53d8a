"""What is a secret, by its look or by the name that it stands under, whoever is about to say or to store it."""
