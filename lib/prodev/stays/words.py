"""The words that names, places, reviews and messages are made of."""

from __future__ import annotations

FIRST_NAMES = (
    "Abena", "Adam", "Aisha", "Akira", "Alice", "Amina", "Ana", "Anders", "Anna", "Asha", "Ben",
    "Bruno", "Carla", "Chen", "Chidi", "Clara", "Daniel", "David", "Diego", "Dina", "Elena", "Elif",
    "Emma", "Esther", "Fatima", "Femi", "Finn", "Grace", "Hana", "Hassan", "Helen", "Ibrahim",
    "Inga", "Isaac", "Ivan", "Jamal", "Jane", "Joana", "Joseph", "Juma", "Karim", "Kofi", "Laila",
    "Lena", "Leo", "Lin", "Lucas", "Lucy", "Maria", "Mark", "Mei", "Mina", "Moses", "Nadia",
    "Naomi", "Nina", "Noah", "Olga", "Omar", "Oscar", "Paul", "Peter", "Priya", "Rania", "Ravi",
    "Rosa", "Ruth", "Sam", "Sara", "Simon", "Sofia", "Tariq", "Tom", "Wanjiru", "Yara", "Yusuf",
    "Zainab", "Zoe",
)  # fmt: skip
LAST_NAMES = (
    "Abebe", "Adeyemi", "Ahmed", "Andersen", "Banda", "Bauer", "Bello", "Berg", "Brown", "Carter",
    "Chen", "Costa", "Cruz", "Dang", "Das", "Diaz", "Diallo", "Dubois", "Evans", "Fischer",
    "Fofana", "Garcia", "Green", "Haddad", "Hall", "Hansen", "Hill", "Ito", "Jansen", "Jones",
    "Kamau", "Kaya", "Khan", "Kim", "Kovac", "Kumar", "Lee", "Lopez", "Mbeki", "Mensah", "Meyer",
    "Moreau", "Moyo", "Mwangi", "Nair", "Nguyen", "Novak", "Nowak", "Ochieng", "Okafor", "Okoye",
    "Olsen", "Omondi", "Osei", "Park", "Patel", "Pereira", "Popa", "Reed", "Reyes", "Ricci",
    "Rossi", "Roy", "Saleh", "Santos", "Sato", "Schmidt", "Sharma", "Silva", "Singh", "Smith",
    "Suzuki", "Tan", "Tran", "Turner", "Wagner", "Walker", "Weber", "Wong", "Wood", "Young",
    "Zhang",
)  # fmt: skip

# Where guests and hosts live, with how often. ISO 3166-1 alpha-2.
COUNTRIES = {
    "KE": 18, "NG": 14, "GH": 9, "ZA": 9, "GB": 8, "US": 8, "DE": 6, "FR": 5, "IN": 5, "EG": 4,
    "ET": 4, "RW": 3, "TZ": 3, "PT": 2, "ES": 2, "BR": 2, "JP": 1, "CA": 1, "AU": 1, "NO": 1,
}  # fmt: skip

# City, country and a price level in percent.
CITIES = (
    ("Nairobi", "KE", 100), ("Mombasa", "KE", 95), ("Cape Town", "ZA", 130), ("Lagos", "NG", 110),
    ("Accra", "GH", 100), ("Kigali", "RW", 90), ("Zanzibar", "TZ", 120), ("Lisbon", "PT", 140),
    ("Porto", "PT", 120), ("Barcelona", "ES", 160), ("Berlin", "DE", 150), ("Paris", "FR", 190),
    ("London", "GB", 200), ("Cairo", "EG", 80), ("Addis Ababa", "ET", 85), ("Dakar", "SN", 95),
    ("Marrakesh", "MA", 100), ("Goa", "IN", 85), ("Kyoto", "JP", 150), ("Oslo", "NO", 170),
)  # fmt: skip

# Kind of property, how often, nightly price in cents before the city's level, most guests.
KINDS = (
    ("apartment", 40, 8_000, 4), ("room", 22, 4_000, 2), ("studio", 14, 6_000, 2),
    ("house", 12, 14_000, 8), ("cabin", 7, 9_000, 5), ("villa", 5, 26_000, 10),
)  # fmt: skip
ADJECTIVES = (
    "Airy", "Bright", "Calm", "Cheerful", "Comfortable", "Cosy", "Cool", "Friendly", "Garden",
    "Green", "Hidden", "Large", "Light", "Little", "Modern", "Peaceful", "Quiet", "Roomy", "Simple",
    "Sunny", "Tidy", "Warm", "Welcoming", "White",
)  # fmt: skip
NEARBY = (
    "by the river", "near the market", "near the old town", "by the park", "near the station",
    "with a view", "with a balcony", "near the beach", "with a garden", "on a quiet street",
)  # fmt: skip

PAYMENT_METHODS = {"card": 58, "mobile_money": 27, "bank_transfer": 11, "voucher": 4}

# Comments for each rating, from 1 to 5 stars; as many for each.
COMMENTS = (
    (
        "The place was dirty and nobody answered us.",
        "The photos show another room. We left after one night.",
        "No hot water and no help from the host.",
        "The key was not there and we waited three hours.",
        "Very loud all night. We could not sleep.",
        "The booking was changed without asking us.",
    ),
    (
        "The bed was hard and the shower was cold.",
        "Smaller than it looks in the photos.",
        "The wifi did not work for most of our stay.",
        "Good place, but it was not clean.",
        "A long way from everything.",
        "The street is loud until late.",
    ),
    (
        "It was fine for one night.",
        "Good place, slow answers.",
        "The kitchen needs more plates.",
        "Clean, but the stairs are steep.",
        "Fair for the price.",
        "Nice room, weak wifi.",
    ),
    (
        "Clean, quiet and close to the shops.",
        "A good stay. The host answers quickly.",
        "Comfortable bed and a good shower.",
        "We would come again.",
        "Easy to find, easy to check in.",
        "Very good, only parking was hard.",
    ),
    (
        "Everything was as described. Thank you!",
        "The best place we stayed in this city.",
        "Spotless, quiet and a very kind host.",
        "A wonderful view and a great kitchen.",
        "Our children did not want to leave.",
        "Perfect from arrival to departure.",
    ),
)

# A conversation: guest, host, guest, host. Line n of one answers line n of the one before.
CONVERSATION = (
    (
        "Hello, what time can we check in?",
        "Is there a place to park near the house?",
        "Can we leave our bags before check-in?",
        "Is the wifi good enough for video calls?",
        "Do you have a bed for a small child?",
        "How do we get there from the airport?",
    ),
    (
        "Check-in is from 15:00. Earlier is often possible.",
        "Yes, you can park in the street behind the house.",
        "Yes, the neighbour keeps them for you.",
        "It is. Most guests work from here.",
        "We do. It will be in your room.",
        "Take the bus to the centre, then walk ten minutes.",
    ),
    (
        "Thank you, we will be there at 16:00.",
        "Great, thank you. We come by car.",
        "That helps a lot, thank you.",
        "Perfect, that is what I need.",
        "Wonderful, thank you very much.",
        "Thank you, that sounds easy.",
    ),
    (
        "See you then. Have a safe trip!",
        "Drive safely. Call me when you are close.",
        "You are welcome. See you soon!",
        "Good. The password is on the fridge.",
        "You are welcome. Have a good trip!",
        "Call me if you get lost.",
    ),
)
