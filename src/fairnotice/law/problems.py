"""The kinds of problem in the words of a person who meets one, each mapped to the taxonomy.

Somebody in distress cannot be asked for a legal category. They choose one of these; the category and keyword
are a first guess that the reviewer may change.
"""

from dataclasses import dataclass

# What a choice means for the form and the queue. Words, not booleans, so that they can be stored and shown.
NO_CONTACT = "no_contact"  # never ask for a name or an e-mail address (DSA article 16(2)(c))
LIFE = "life"  # may be a threat to somebody's life or safety: a person looks at once (DSA article 18)
MINORS = "minors"  # about a child
INTIMATE = "intimate"  # about intimate pictures
NO_FILES = "no_files"  # never take a file: a copy would repeat the harm, and holding it may be a crime
SKIP_OPERATOR = (
    "skip_operator"  # offer the named others first: telling the service itself may endanger the notifier
)
FLAGS = frozenset({NO_CONTACT, LIFE, MINORS, INTIMATE, NO_FILES, SKIP_OPERATOR})


@dataclass(frozen=True, slots=True)
class Problem:
    """One choice of the form. `label` and `hint` are plain English, callers translate them.

    `slug` is stored with the notice and never changes its meaning. `category`, `keyword`: taxonomy codes.
    """

    slug: str
    label: str
    hint: str
    category: str
    keyword: str | None
    flags: frozenset[str] = frozenset()


_CHILD_ABUSE = frozenset({NO_CONTACT, MINORS, INTIMATE, NO_FILES})

# What cannot wait stands first, the catch-all last.
PROBLEMS: tuple[Problem, ...] = (
    Problem(
        "threat",
        "Someone is threatening me or somebody else",
        "Threats of violence, or calls to it. If you are in danger now, call the emergency number first.",
        "STATEMENT_CATEGORY_VIOLENCE",
        "KEYWORD_INCITEMENT_VIOLENCE_HATRED",
        frozenset({LIFE}),
    ),
    Problem(
        "self-harm",
        "Self-harm or suicide",
        "Someone may hurt themselves, or a page urges others to.",
        "STATEMENT_CATEGORY_SELF_HARM",
        "KEYWORD_SUICIDE",
        frozenset({LIFE}),
    ),
    Problem(
        "child-abuse",
        "Sexual abuse of a child",
        "Pictures, videos or texts. Do not save or send them. We will not ask who you are.",
        "STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
        "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL",
        _CHILD_ABUSE,
    ),
    Problem(
        "child-approached",
        "An adult is approaching a child sexually",
        "Sexual messages to a child, or attempts to meet one. We will not ask who you are.",
        "STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
        "KEYWORD_GROOMING_SEXUAL_ENTICEMENT_MINORS",
        # A child may be in danger at this moment, so this one is also urgent.
        _CHILD_ABUSE | {LIFE},
    ),
    Problem(
        "intimate",
        "Intimate pictures shared without consent",
        "Also when they are only threatened to be shared. Please do not send us the pictures.",
        "STATEMENT_CATEGORY_CYBER_VIOLENCE",
        "KEYWORD_NON_CONSENSUAL_IMAGE_SHARING",
        frozenset({INTIMATE, NO_FILES}),
    ),
    Problem(
        "fake-intimate",
        "Faked intimate pictures of a real person",
        "Made by a computer from somebody’s face or body. Please do not send us the pictures.",
        "STATEMENT_CATEGORY_CYBER_VIOLENCE",
        "KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE",
        frozenset({INTIMATE, NO_FILES}),
    ),
    Problem(
        "harassment",
        "Someone is bullying, stalking or harassing me or somebody else",
        "Insults that do not stop, being followed from page to page, being set upon by many.",
        "STATEMENT_CATEGORY_CYBER_VIOLENCE",
        "KEYWORD_CYBER_HARASSMENT",
    ),
    Problem(
        "privacy",
        "Private information about me was published",
        "An address, a number, a document, or anything else that should not be public.",
        "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
        "KEYWORD_MISSING_PROCESSING_GROUND",
    ),
    Problem(
        "impersonation",
        "Fake account pretending to be me",
        "Or to be somebody you know, or a company. Also when an account was taken over.",
        "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
        "KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING",
    ),
    Problem(
        "phishing",
        "A page that steals passwords or card numbers",
        "Phishing: it looks like a bank, a shop or another service, but is not.",
        "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
        "KEYWORD_PHISHING",
    ),
    Problem(
        "malware",
        "A page or file that spreads harmful programs",
        "Viruses, programs that spy or blackmail, false updates.",
        "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
        "KEYWORD_OTHER",
    ),
    Problem(
        "scam",
        "Scam or fraud",
        "A false shop, a false investment, a false offer, a trick to get money.",
        "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
        "KEYWORD_OTHER",
    ),
    Problem(
        "hate",
        "Hate or incitement against a group of people",
        "Because of origin, religion, sex, disability, sexual orientation or the like.",
        "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
        "KEYWORD_HATE_SPEECH",
    ),
    Problem(
        "terrorism",
        "Terrorism",
        "Calls to attacks, praise of them, or directions for them.",
        "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
        "KEYWORD_TERRORIST_CONTENT",
        frozenset({LIFE}),
    ),
    Problem(
        "trafficking",
        "Trafficking or exploitation of people",
        "People being sold, forced to work or forced into sex.",
        "STATEMENT_CATEGORY_VIOLENCE",
        "KEYWORD_HUMAN_TRAFFICKING",
        frozenset({LIFE}),
    ),
    Problem(
        "defamation",
        "Untrue claims that harm someone’s good name",
        "Defamation: a false statement of fact about a person or a company.",
        "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
        "KEYWORD_DEFAMATION",
    ),
    Problem(
        "copyright",
        "Copyright",
        "A work is offered or shown without the permission of its owner.",
        "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
        "KEYWORD_COPYRIGHT_INFRINGEMENT",
    ),
    Problem(
        "trademark",
        "Trade mark or counterfeit goods",
        "A brand is used without permission, or copies are sold as the real thing.",
        "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
        "KEYWORD_TRADEMARK_INFRINGEMENT",
    ),
    Problem(
        "product",
        "Dangerous or forbidden product",
        "Weapons, drugs, unsafe toys or devices, and the like.",
        "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS",
        "KEYWORD_PROHIBITED_PRODUCTS",
    ),
    Problem(
        "animals",
        "Cruelty to animals",
        "Animals being harmed, or sold where that is forbidden.",
        "STATEMENT_CATEGORY_ANIMAL_WELFARE",
        "KEYWORD_ANIMAL_HARM",
    ),
    Problem(
        "rules",
        "It breaks a published rule of this service",
        "It may be lawful, but the rules of this service do not allow it.",
        "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
        None,
    ),
    Problem(
        "involved",
        "Someone who works at this service is involved",
        "You will first see other places that can help. This service is told only if you still choose to.",
        "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE",
        None,
        frozenset({SKIP_OPERATOR}),
    ),
    Problem(
        "other",
        "Something else",
        "Tell us in your own words. A person will read it.",
        "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE",
        None,
    ),
)

PROBLEM_BY_SLUG: dict[str, Problem] = {problem.slug: problem for problem in PROBLEMS}

# Which choice a machine-readable report of the XARF v4 standard stands for. What is not here is a technical
# incident (an open port, a scan): no kind of content, so "other" and a reviewer's eye.
_XARF: dict[tuple[str, str], str] = {
    ("content", "brand_infringement"): "trademark",
    # "csem" is exploitation material: the standard's second word for the same harm.
    ("content", "csam"): "child-abuse",
    ("content", "csem"): "child-abuse",
    ("content", "exposed_data"): "privacy",
    ("content", "fraud"): "scam",
    ("content", "malware"): "malware",
    ("content", "phishing"): "phishing",
    ("content", "suspicious_registration"): "scam",
    ("copyright", "copyright"): "copyright",
    ("copyright", "cyberlocker"): "copyright",
    ("copyright", "link_site"): "copyright",
    ("copyright", "p2p"): "copyright",
    ("copyright", "ugc_platform"): "copyright",
    ("copyright", "usenet"): "copyright",
}


def problem_for_xarf(category: str, type: str) -> Problem:
    """The choice that an XARF v4 report's `category` and `type` stand for; "other" for all that has no match.

    Accepts the hyphened spelling of types too, since early senders used it. Never raises on any text.
    """
    key = (category.strip().lower(), type.strip().lower().replace("-", "_"))
    return PROBLEM_BY_SLUG[_XARF.get(key, "other")]
