"""Mail that comes in as a notice: what it is, and what it says (docs/mail.md)."""
