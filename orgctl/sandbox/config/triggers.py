"""What sets a rule going: the message types of AWS Config, and its frequencies."""

CHANGE = "ConfigurationItemChangeNotification"
OVERSIZED = "OversizedConfigurationItemChangeNotification"
SCHEDULED = "ScheduledNotification"
SNAPSHOT = "ConfigurationSnapshotDeliveryCompleted"
HOURS = {"One_Hour": 1, "Three_Hours": 3, "Six_Hours": 6, "Twelve_Hours": 12, "TwentyFour_Hours": 24}
