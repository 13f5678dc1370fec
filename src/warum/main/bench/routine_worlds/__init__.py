"""Made-up weeks with known truth for ``bench routine``: claims, reminders, links. Nothing here asks the judges."""
