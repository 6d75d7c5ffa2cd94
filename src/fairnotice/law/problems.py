"""The kinds of problem in the words of a person who meets one, each mapped to the taxonomy.

Somebody in distress cannot be asked for a legal category. They choose one of these; the category and keyword
are a first guess that the reviewer may change.
"""

from dataclasses import dataclass

from fairnotice.law.words import gettext_noop

# What a choice means for the form and the queue. Words, not booleans, so that they can be stored and shown.
NO_CONTACT = "no_contact"  # never ask for a name or an e-mail address (DSA article 16(2)(c))
LIFE = "life"  # may be a threat to somebody's life or safety: a person looks at once (DSA article 18)
MINORS = "minors"  # about a child
INTIMATE = "intimate"  # about intimate pictures
NO_FILES = "no_files"  # never take a file: a copy would repeat the harm, and holding it may be a crime
SKIP_OPERATOR = (
    "skip_operator"  # offer the named others first: telling the service itself may endanger the notifier
)
SKIP_SITE = "skip_site"  # a forwarded report passes by whoever runs the reported site (law.forwarding)
FLAGS = frozenset({NO_CONTACT, LIFE, MINORS, INTIMATE, NO_FILES, SKIP_OPERATOR, SKIP_SITE})


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


_CHILD_ABUSE = frozenset({NO_CONTACT, MINORS, INTIMATE, NO_FILES, SKIP_SITE})

# What cannot wait stands first, the catch-all last.
PROBLEMS: tuple[Problem, ...] = (
    Problem(
        "threat",
        gettext_noop("Someone is threatening me or somebody else"),
        gettext_noop(
            "Threats of violence, or calls to it. If you are in danger now, call the emergency number first."
        ),
        "STATEMENT_CATEGORY_VIOLENCE",
        "KEYWORD_INCITEMENT_VIOLENCE_HATRED",
        frozenset({LIFE}),
    ),
    Problem(
        "self-harm",
        gettext_noop("Self-harm or suicide"),
        gettext_noop("Someone may hurt themselves, or a page urges others to."),
        "STATEMENT_CATEGORY_SELF_HARM",
        "KEYWORD_SUICIDE",
        frozenset({LIFE}),
    ),
    Problem(
        "child-abuse",
        gettext_noop("Sexual abuse of a child"),
        gettext_noop("Pictures, videos or texts. Do not save or send them. We will not ask who you are."),
        "STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
        "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL",
        _CHILD_ABUSE,
    ),
    Problem(
        "child-approached",
        gettext_noop("An adult is approaching a child sexually"),
        gettext_noop("Sexual messages to a child, or attempts to meet one. We will not ask who you are."),
        "STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
        "KEYWORD_GROOMING_SEXUAL_ENTICEMENT_MINORS",
        # A child may be in danger at this moment, so this one is also urgent.
        _CHILD_ABUSE | {LIFE},
    ),
    Problem(
        "intimate",
        gettext_noop("Intimate pictures shared without consent"),
        gettext_noop("Also when they are only threatened to be shared. Please do not send us the pictures."),
        "STATEMENT_CATEGORY_CYBER_VIOLENCE",
        "KEYWORD_NON_CONSENSUAL_IMAGE_SHARING",
        frozenset({INTIMATE, NO_FILES, SKIP_SITE}),
    ),
    Problem(
        "fake-intimate",
        gettext_noop("Faked intimate pictures of a real person"),
        gettext_noop("Made by a computer from somebody’s face or body. Please do not send us the pictures."),
        "STATEMENT_CATEGORY_CYBER_VIOLENCE",
        "KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE",
        frozenset({INTIMATE, NO_FILES, SKIP_SITE}),
    ),
    Problem(
        "harassment",
        gettext_noop("Someone is bullying, stalking or harassing me or somebody else"),
        gettext_noop("Insults that do not stop, being followed from page to page, being set upon by many."),
        "STATEMENT_CATEGORY_CYBER_VIOLENCE",
        "KEYWORD_CYBER_HARASSMENT",
        frozenset({SKIP_SITE}),
    ),
    Problem(
        "privacy",
        gettext_noop("Private information about me was published"),
        gettext_noop("An address, a number, a document, or anything else that should not be public."),
        "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
        "KEYWORD_MISSING_PROCESSING_GROUND",
    ),
    Problem(
        "impersonation",
        gettext_noop("Fake account pretending to be me"),
        gettext_noop("Or to be somebody you know, or a company. Also when an account was taken over."),
        "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
        "KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING",
    ),
    Problem(
        "phishing",
        gettext_noop("A page that steals passwords or card numbers"),
        gettext_noop("Phishing: it looks like a bank, a shop or another service, but is not."),
        "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
        "KEYWORD_PHISHING",
    ),
    Problem(
        "malware",
        gettext_noop("A page or file that spreads harmful programs"),
        gettext_noop("Viruses, programs that spy or blackmail, false updates."),
        "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
        "KEYWORD_OTHER",
    ),
    Problem(
        "scam",
        gettext_noop("Scam or fraud"),
        gettext_noop("A false shop, a false investment, a false offer, a trick to get money."),
        "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
        "KEYWORD_OTHER",
    ),
    Problem(
        "hate",
        gettext_noop("Hate or incitement against a group of people"),
        gettext_noop("Because of origin, religion, sex, disability, sexual orientation or the like."),
        "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
        "KEYWORD_HATE_SPEECH",
    ),
    Problem(
        "terrorism",
        gettext_noop("Terrorism"),
        gettext_noop("Calls to attacks, praise of them, or directions for them."),
        "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
        "KEYWORD_TERRORIST_CONTENT",
        frozenset({LIFE}),
    ),
    Problem(
        "trafficking",
        gettext_noop("Trafficking or exploitation of people"),
        gettext_noop("People being sold, forced to work or forced into sex."),
        "STATEMENT_CATEGORY_VIOLENCE",
        "KEYWORD_HUMAN_TRAFFICKING",
        frozenset({LIFE}),
    ),
    Problem(
        "defamation",
        gettext_noop("Untrue claims that harm someone’s good name"),
        gettext_noop("Defamation: a false statement of fact about a person or a company."),
        "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
        "KEYWORD_DEFAMATION",
    ),
    Problem(
        "copyright",
        gettext_noop("Copyright"),
        gettext_noop("A work is offered or shown without the permission of its owner."),
        "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
        "KEYWORD_COPYRIGHT_INFRINGEMENT",
    ),
    Problem(
        "trademark",
        gettext_noop("Trade mark or counterfeit goods"),
        gettext_noop("A brand is used without permission, or copies are sold as the real thing."),
        "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
        "KEYWORD_TRADEMARK_INFRINGEMENT",
    ),
    Problem(
        "product",
        gettext_noop("Dangerous or forbidden product"),
        gettext_noop("Weapons, drugs, unsafe toys or devices, and the like."),
        "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS",
        "KEYWORD_PROHIBITED_PRODUCTS",
    ),
    Problem(
        "animals",
        gettext_noop("Cruelty to animals"),
        gettext_noop("Animals being harmed, or sold where that is forbidden."),
        "STATEMENT_CATEGORY_ANIMAL_WELFARE",
        "KEYWORD_ANIMAL_HARM",
    ),
    Problem(
        "rules",
        gettext_noop("It breaks a published rule of this service"),
        gettext_noop("It may be lawful, but the rules of this service do not allow it."),
        "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
        None,
    ),
    Problem(
        "involved",
        gettext_noop("Someone who works at this service is involved"),
        gettext_noop(
            "You will first see other places that can help. This service is told only if you still choose to."
        ),
        "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE",
        None,
        frozenset({SKIP_OPERATOR}),
    ),
    Problem(
        "other",
        gettext_noop("Something else"),
        gettext_noop("Tell us in your own words. A person will read it."),
        "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE",
        None,
    ),
)

PROBLEM_BY_SLUG: dict[str, Problem] = {problem.slug: problem for problem in PROBLEMS}

# The form speaks to the one who reports ("pretending to be me"). Said to somebody else, those words would
# tell them that the notifier is the very person whom the item is about.
_TO_OTHERS = {
    "threat": gettext_noop("A threat"),
    "harassment": gettext_noop("Bullying, stalking or harassment"),
    "privacy": gettext_noop("Private information was published"),
    "impersonation": gettext_noop("Fake account of a person or company"),
}


def said_to_others(slug: str) -> str:
    """The kind of problem in plain English for whoever a notice is forwarded to; it says nothing about who
    reported it. "" for an unknown slug."""
    known = PROBLEM_BY_SLUG.get(slug)
    return _TO_OTHERS.get(slug, known.label) if known else ""


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
