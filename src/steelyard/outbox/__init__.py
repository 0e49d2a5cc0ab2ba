"""Messages to people: written in the transaction of what they tell about, delivered afterwards, never lost."""
