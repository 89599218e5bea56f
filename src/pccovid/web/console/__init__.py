"""The officers' console, by task. Every page that shows a person opens access for a purpose and a case first."""
