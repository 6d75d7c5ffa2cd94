"""Codes of Member States (as Eurostat writes them) and of languages (ISO 639-1), and what is written
instead."""

from __future__ import annotations

#: The 27 Member States. Eurostat, and so the reports, write EL for Greece; the database of statements, GR.
_STATES = "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
STATES = tuple(_STATES.split(" "))
#: States that people take for members, or that were.
OUTSIDE = {
    "UK",
    "GB",
    "NO",
    "IS",
    "LI",
    "CH",
    "US",
    "TR",
    "RS",
    "UA",
    "MK",
    "AL",
    "ME",
    "BA",
    "MD",
    "GE",
    "RU",
}
#: Slips, and names written out -> the code that is meant.
MEANT_STATES = {
    "GR": "EL", "SP": "ES", "GER": "DE", "FRA": "FR", "DEN": "DK", "SW": "SE", "AUT": "AT", "BEL": "BE",
    "BGR": "BG", "CYP": "CY", "CZE": "CZ", "DEU": "DE", "DNK": "DK", "EST": "EE", "GRC": "EL",
    "ESP": "ES", "FIN": "FI", "HRV": "HR", "HUN": "HU", "IRL": "IE", "ITA": "IT", "LTU": "LT",
    "LUX": "LU", "LVA": "LV", "MLT": "MT", "NLD": "NL", "POL": "PL", "PRT": "PT", "ROU": "RO",
    "SWE": "SE", "SVN": "SI", "SVK": "SK", "AUSTRIA": "AT", "BELGIUM": "BE", "BULGARIA": "BG",
    "CYPRUS": "CY", "CZECHIA": "CZ", "CZECH REPUBLIC": "CZ", "GERMANY": "DE", "DENMARK": "DK",
    "ESTONIA": "EE", "GREECE": "EL", "SPAIN": "ES", "FINLAND": "FI", "FRANCE": "FR", "CROATIA": "HR",
    "HUNGARY": "HU", "IRELAND": "IE", "ITALY": "IT", "LITHUANIA": "LT", "LUXEMBOURG": "LU",
    "LATVIA": "LV", "MALTA": "MT", "NETHERLANDS": "NL", "POLAND": "PL", "PORTUGAL": "PT",
    "ROMANIA": "RO", "SWEDEN": "SE", "SLOVENIA": "SI", "SLOVAKIA": "SK",
}  # fmt: skip

#: The 24 official languages of the Union.
_OFFICIAL = "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv"
OFFICIAL = tuple(_OFFICIAL.split(" "))
_ISO = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de "
    "dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id "
    "ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu "
    "lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu "
    "rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr "
    "ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
LANGUAGES = frozenset(_ISO.split())
#: Codes of states that stand where a language belongs -> the language that is meant, where it is clear.
#: Some are codes of other languages too (`se` is Northern Sami, `si` Sinhala, `ee` Ewe), so these count
#: only where `cz`, `dk`, `gr` or `at`, which are none, stand beside them.
OF_STATES = {"cz": "cs", "dk": "da", "gr": "el", "ee": "et", "se": "sv", "si": "sl", "ie": "ga"}
NO_LANGUAGES = {"at", "cz", "dk", "gr"}
#: Names and longer codes -> the code.
MEANT_LANGUAGES = {
    "bul": "bg", "ces": "cs", "cze": "cs", "dan": "da", "deu": "de", "ger": "de", "ell": "el",
    "gre": "el", "eng": "en", "spa": "es", "est": "et", "fin": "fi", "fra": "fr", "fre": "fr",
    "gle": "ga", "hrv": "hr", "hun": "hu", "ita": "it", "lit": "lt", "lav": "lv", "mlt": "mt",
    "nld": "nl", "dut": "nl", "pol": "pl", "por": "pt", "ron": "ro", "rum": "ro", "slk": "sk",
    "slo": "sk", "slv": "sl", "swe": "sv", "bulgarian": "bg", "czech": "cs", "danish": "da",
    "german": "de", "greek": "el", "english": "en", "spanish": "es", "estonian": "et", "finnish": "fi",
    "french": "fr", "irish": "ga", "croatian": "hr", "hungarian": "hu", "italian": "it",
    "lithuanian": "lt", "latvian": "lv", "maltese": "mt", "dutch": "nl", "polish": "pl",
    "portuguese": "pt", "romanian": "ro", "slovak": "sk", "slovenian": "sl", "swedish": "sv",
}  # fmt: skip

#: Names of schema v1 (before 1 July 2025) -> the present one, "" where it has none.
RENAMED = {
    "STATEMENT_CATEGORY_UNSAFE_AND_ILLEGAL_PRODUCTS": "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS",
    "STATEMENT_CATEGORY_SCOPE_OF_PLATFORM_SERVICE": "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
    "STATEMENT_CATEGORY_NON_CONSENSUAL_BEHAVIOUR": "",
    "STATEMENT_CATEGORY_PORNOGRAPHY_OR_SEXUALIZED_CONTENT": "",
    "KEYWORD_ONLINE_BULLYING_INTIMIDATION": "KEYWORD_CYBER_BULLYING_INTIMIDATION",
    "KEYWORD_INSUFFICIENT_INFORMATION_TRADERS": "KEYWORD_INSUFFICIENT_INFORMATION_ON_TRADERS",
    "KEYWORD_DISINFORMATION": "KEYWORD_MISINFORMATION_DISINFORMATION",
    "KEYWORD_MISINFORMATION": "",
    "KEYWORD_FOREIGN_INFORMATION_MANIPULATION": "",
    "KEYWORD_NON_CONSENSUAL_ITEMS_DEEPFAKE": "KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE",
    "KEYWORD_REGULATED_GOODS_SERVICES": "",
    "KEYWORD_DANGEROUS_TOYS": "",
    "KEYWORD_GENDER_BASED_VIOLENCE": "",
    "KEYWORD_IMAGE_BASED_SEXUAL_ABUSE": "",
}
