"""Spellings of 12 that a reader built on ``int``, ``isdigit`` or ``\\d`` accepts."""

NUMBERS = {
    "plus sign": "+12",
    "space before": " 12",
    "space after": "12 ",
    "no-break space": "12\u00a0",
    "underscore": "1_2",
    "leading zero": "012",
    "Arabic-Indic digits": "١٢",
    "full-width digits": "１２",
    "mathematical digits": "𝟏𝟐",
    "mixed digits": "1２",
}
