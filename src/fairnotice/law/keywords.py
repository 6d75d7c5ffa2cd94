"""The keywords of the taxonomy: the finer kinds of problem, grouped under their category.

Codes are those of the EU statement-of-reasons database since 1 July 2025; the grouping and the labels follow
Annex I part 2 of Implementing Regulation (EU) 2024/2835. The database itself accepts any keyword with any
category; we hold to the groups, so that a public count means what it says.
"""

from fairnotice.law.words import gettext_noop

OTHER = "KEYWORD_OTHER"
OTHER_LABEL = gettext_noop("Not captured by any other keyword")

STALKING = "KEYWORD_STALKING"

# Category code -> keyword code -> label. KEYWORD_OTHER closes every group: a case must never be pressed into
# a wrong keyword because none fits.
KEYWORDS: dict[str, dict[str, str]] = {
    "STATEMENT_CATEGORY_ANIMAL_WELFARE": {
        "KEYWORD_ANIMAL_HARM": gettext_noop("Animal harm"),
        "KEYWORD_UNLAWFUL_SALE_ANIMALS": gettext_noop("Unlawful sale of animals"),
        OTHER: OTHER_LABEL,
    },
    "STATEMENT_CATEGORY_CONSUMER_INFORMATION": {
        "KEYWORD_HIDDEN_ADVERTISEMENT": gettext_noop(
            "Hidden advertisement or commercial communication, including by influencers"
        ),
        "KEYWORD_INSUFFICIENT_INFORMATION_ON_TRADERS": gettext_noop("Insufficient information on traders"),
        "KEYWORD_MISLEADING_INFO_GOODS_SERVICES": gettext_noop(
            "Misleading information about the characteristics of the goods and services"
        ),
        "KEYWORD_MISLEADING_INFO_CONSUMER_RIGHTS": gettext_noop(
            "Misleading information about the consumer’s rights"
        ),
        "KEYWORD_NONCOMPLIANCE_PRICING": gettext_noop("Non-compliance with pricing regulations"),
        OTHER: OTHER_LABEL,
    },
    "STATEMENT_CATEGORY_CYBER_VIOLENCE": {
        "KEYWORD_CYBER_BULLYING_INTIMIDATION": gettext_noop("Cyber bullying and intimidation"),
        "KEYWORD_CYBER_HARASSMENT": gettext_noop("Cyber harassment"),
        "KEYWORD_CYBER_INCITEMENT": gettext_noop("Cyber incitement to hatred or violence"),
        "KEYWORD_CYBER_STALKING": gettext_noop("Cyber stalking"),
        # The database accepts this one but the reporting templates list it under no category. It stands here
        # beside cyber stalking: both are stalking of a person, and a keyword without a home could not be
        # offered, checked or counted.
        STALKING: gettext_noop("Stalking"),
        "KEYWORD_NON_CONSENSUAL_IMAGE_SHARING": gettext_noop(
            "Non-consensual (intimate) material sharing, including (image-based) sexual abuse (excluding "
            "content depicting minors)"
        ),
        "KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE": gettext_noop(
            "Non-consensual sharing of material containing deepfake or similar technology using a third "
            "party's features (excluding content depicting minors)"
        ),
        OTHER: OTHER_LABEL,
    },
    "STATEMENT_CATEGORY_CYBER_VIOLENCE_AGAINST_WOMEN": {
        "KEYWORD_BULLYING_AGAINST_GIRLS": gettext_noop("Cyber bullying and intimidation against girls"),
        "KEYWORD_CYBER_HARASSMENT_AGAINST_WOMEN": gettext_noop("Cyber harassment against women"),
        "KEYWORD_CYBER_STALKING_AGAINST_WOMEN": gettext_noop("Cyber stalking against women"),
        "KEYWORD_FEMALE_GENDERED_DISINFORMATION": gettext_noop("Gendered disinformation"),
        "KEYWORD_INCITEMENT_AGAINST_WOMEN": gettext_noop(
            "Illegal incitement to violence and hatred against women"
        ),
        "KEYWORD_NON_CONSENSUAL_IMAGE_SHARING_AGAINST_WOMEN": gettext_noop(
            "Non-consensual (intimate) material sharing against women, including (image-based) sexual abuse"
            " against women (excluding content depicting minors)"
        ),
        "KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE_AGAINST_WOMEN": gettext_noop(
            "Non-consensual sharing of material containing deepfake or similar technology using a third "
            "party's features against women (excluding content depicting minors)"
        ),
        OTHER: OTHER_LABEL,
    },
    "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS": {
        "KEYWORD_BIOMETRIC_DATA_BREACH": gettext_noop("Biometric data breach"),
        "KEYWORD_DATA_FALSIFICATION": gettext_noop("Data falsification"),
        "KEYWORD_MISSING_PROCESSING_GROUND": gettext_noop("Missing processing ground for data"),
        "KEYWORD_RIGHT_TO_BE_FORGOTTEN": gettext_noop("Right to be forgotten"),
        OTHER: OTHER_LABEL,
    },
    "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH": {
        "KEYWORD_DEFAMATION": gettext_noop("Defamation"),
        "KEYWORD_DISCRIMINATION": gettext_noop("Discrimination"),
        "KEYWORD_HATE_SPEECH": gettext_noop(
            "Illegal incitement to violence and hatred based on protected characteristics (hate speech)"
        ),
        OTHER: OTHER_LABEL,
    },
    "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS": {
        "KEYWORD_COPYRIGHT_INFRINGEMENT": gettext_noop("Copyright infringements"),
        "KEYWORD_DESIGN_INFRINGEMENT": gettext_noop("Design infringements"),
        "KEYWORD_GEOGRAPHIC_INDICATIONS_INFRINGEMENT": gettext_noop("Geographical indications infringements"),
        "KEYWORD_PATENT_INFRINGEMENT": gettext_noop("Patent infringements"),
        "KEYWORD_TRADE_SECRET_INFRINGEMENT": gettext_noop("Trade secret infringements"),
        "KEYWORD_TRADEMARK_INFRINGEMENT": gettext_noop("Trademark infringements"),
        OTHER: OTHER_LABEL,
    },
    "STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS": {
        "KEYWORD_MISINFORMATION_DISINFORMATION": gettext_noop(
            "Misinformation, disinformation, foreign information manipulation and interference"
        ),
        "KEYWORD_VIOLATION_EU_LAW": gettext_noop(
            "Violation of EU law relevant to civic discourse or elections"
        ),
        "KEYWORD_VIOLATION_NATIONAL_LAW": gettext_noop(
            "Violation of national law relevant to civic discourse or elections"
        ),
        OTHER: OTHER_LABEL,
    },
    "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE": {
        OTHER: OTHER_LABEL,
    },
    "STATEMENT_CATEGORY_OTHER_VIOLATION_TC": {
        "KEYWORD_ADULT_SEXUAL_MATERIAL": gettext_noop("Adult sexual material"),
        "KEYWORD_AGE_SPECIFIC_RESTRICTIONS": gettext_noop("Age-specific restrictions"),
        "KEYWORD_GEOGRAPHICAL_REQUIREMENTS": gettext_noop("Geographical requirements"),
        "KEYWORD_GOODS_SERVICES_NOT_PERMITTED": gettext_noop(
            "Goods/services not permitted to be offered on the platform"
        ),
        "KEYWORD_LANGUAGE_REQUIREMENTS": gettext_noop("Language requirements"),
        "KEYWORD_NUDITY": gettext_noop("Nudity"),
        OTHER: OTHER_LABEL,
    },
    "STATEMENT_CATEGORY_PROTECTION_OF_MINORS": {
        "KEYWORD_AGE_SPECIFIC_RESTRICTIONS_MINORS": gettext_noop(
            "Age-specific restrictions concerning minors"
        ),
        "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL": gettext_noop("Child sexual abuse material"),
        "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE": gettext_noop(
            "Child sexual abuse material containing deepfake or similar technology"
        ),
        "KEYWORD_GROOMING_SEXUAL_ENTICEMENT_MINORS": gettext_noop("Grooming/sexual enticement of minors"),
        "KEYWORD_UNSAFE_CHALLENGES": gettext_noop("Unsafe challenges"),
        OTHER: OTHER_LABEL,
    },
    "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY": {
        "KEYWORD_ILLEGAL_ORGANIZATIONS": gettext_noop("Illegal organizations"),
        "KEYWORD_RISK_ENVIRONMENTAL_DAMAGE": gettext_noop("Risk for environmental damage"),
        "KEYWORD_RISK_PUBLIC_HEALTH": gettext_noop("Risk for public health"),
        "KEYWORD_TERRORIST_CONTENT": gettext_noop("Terrorist content"),
        OTHER: OTHER_LABEL,
    },
    "STATEMENT_CATEGORY_SCAMS_AND_FRAUD": {
        "KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING": gettext_noop("Impersonation or account hijacking"),
        "KEYWORD_INAUTHENTIC_ACCOUNTS": gettext_noop("Inauthentic accounts"),
        "KEYWORD_INAUTHENTIC_LISTINGS": gettext_noop("Inauthentic listings"),
        "KEYWORD_INAUTHENTIC_USER_REVIEWS": gettext_noop("Inauthentic user reviews"),
        "KEYWORD_PHISHING": gettext_noop("Phishing"),
        "KEYWORD_PYRAMID_SCHEMES": gettext_noop("Pyramid schemes"),
        OTHER: OTHER_LABEL,
    },
    "STATEMENT_CATEGORY_SELF_HARM": {
        "KEYWORD_CONTENT_PROMOTING_EATING_DISORDERS": gettext_noop("Content promoting eating disorders"),
        "KEYWORD_SELF_MUTILATION": gettext_noop("Self-mutilation"),
        "KEYWORD_SUICIDE": gettext_noop("Suicide"),
        OTHER: OTHER_LABEL,
    },
    "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS": {
        "KEYWORD_PROHIBITED_PRODUCTS": gettext_noop("Prohibited or restricted products"),
        "KEYWORD_UNSAFE_PRODUCTS": gettext_noop("Unsafe or non-compliant products"),
        OTHER: OTHER_LABEL,
    },
    "STATEMENT_CATEGORY_VIOLENCE": {
        "KEYWORD_COORDINATED_HARM": gettext_noop("Coordinated harm"),
        "KEYWORD_INCITEMENT_VIOLENCE_HATRED": gettext_noop(
            "General calls or incitement to violence and/or hatred"
        ),
        "KEYWORD_HUMAN_EXPLOITATION": gettext_noop("Human exploitation"),
        "KEYWORD_HUMAN_TRAFFICKING": gettext_noop("Human trafficking"),
        "KEYWORD_TRAFFICKING_WOMEN_GIRLS": gettext_noop("Trafficking in women and girls"),
        OTHER: OTHER_LABEL,
    },
}
