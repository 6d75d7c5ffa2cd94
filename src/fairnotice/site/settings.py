"""Django's settings, derived from the data folder's `fairnotice.toml`. Nothing here is edited by an
operator."""

from __future__ import annotations

import os
import secrets
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from fairnotice.plumbing import visitors as _visitors
from fairnotice.site import config as _config
from fairnotice.site import config_sign_in as _sign_in

FN_DATA = Path(os.environ.get("FAIRNOTICE_DATA", "var/data")).resolve()
FN_CONFIG = _config.load(FN_DATA)
FN_LOG_DIR = FN_DATA / "log"
FN_MAIL_DIR = FN_DATA / "mail"
FN_EVIDENCE_DIR = FN_DATA / "files"
FN_ORIGIN = FN_CONFIG.log_origin
FN_LOG_KEY = FN_CONFIG.log_key
FN_LOG_RETENTION_YEARS = FN_CONFIG.log_retention_years
FN_BASE_URL = FN_CONFIG.base_url
FN_LOG_INTERVAL = FN_CONFIG.log_interval
FN_LOG_BATCH = FN_CONFIG.log_batch
FN_WITNESS_POLICY = FN_DATA / FN_CONFIG.witness_policy if FN_CONFIG.witness_policy else None
FN_WITNESS_TIMEOUT = FN_CONFIG.witness_timeout
FN_PROMISE_DELAY = FN_CONFIG.promise_delay
FN_REGISTER_INTERVAL = FN_CONFIG.register_interval
FN_API_PER_MINUTE = FN_CONFIG.api_per_minute
FN_FLOOD_PER_MINUTE = FN_CONFIG.flood_per_minute
FN_SMALL_TEAM = FN_CONFIG.small_team
FN_SECOND_FACTOR = _sign_in.in_force(FN_CONFIG.second_factor, FN_BASE_URL)
FN_STAFF_CHANGE_HOURS = FN_CONFIG.staff_change_hours
FN_IDENTITY_PROVIDERS = FN_CONFIG.identity_providers
FN_OWN_ORGANISATION = FN_CONFIG.own_organisation
FN_IMPORT_FOLDER = FN_DATA / FN_CONFIG.import_folder if FN_CONFIG.import_folder else None
FN_RDAP_PER_MINUTE = FN_CONFIG.rdap_per_minute
FN_ANSWER_HOURS = FN_CONFIG.answer_hours
FN_KEEP_DAYS = FN_CONFIG.keep_days
FN_PEERS = FN_CONFIG.peers
FN_WEBHOOKS = FN_CONFIG.webhooks
FN_CUSTOMER_HOOK = FN_CONFIG.customer_hook
FN_PASS_ON_TO = FN_CONFIG.pass_on_to
FN_PASS_ON_COMMAND = FN_CONFIG.pass_on_command
FN_FORWARD_MACHINE_REPORTS = FN_CONFIG.forward_machine_reports
FN_SERVICES = FN_CONFIG.services
FN_FLAG_INBOX = FN_CONFIG.flag_inbox
FN_FLAG_SERVERS = FN_CONFIG.flag_servers
# Megabytes here are a million bytes each, as people count them.
FN_EVIDENCE = {
    "one": FN_CONFIG.evidence_mb * 1_000_000,
    "count": FN_CONFIG.evidence_count,
    "notice": FN_CONFIG.evidence_notice_mb * 1_000_000,
}
FN_MAIL_ORIGINAL_DAYS = FN_CONFIG.mail_original_days
FN_CLAMD = FN_CONFIG.clamd
FN_MASTER_KEY_FILE = FN_CONFIG.master_key_file or str(_config.default_key_file(FN_DATA))
FN_BACKUP_FOLDER = FN_DATA / FN_CONFIG.backup_folder if FN_CONFIG.backup_folder else None
FN_BACKUP_RECIPIENTS = FN_CONFIG.backup_recipients
FN_KEYS_BACKUP_DAYS = FN_CONFIG.keys_backup_days
FN_OPERATOR = {
    "name": FN_CONFIG.operator_name,
    "contact": FN_CONFIG.operator_contact,
    "address": FN_CONFIG.operator_address,
    "legal_representative": FN_CONFIG.legal_representative,
    "languages": FN_CONFIG.contact_languages,
    "dispute_bodies": FN_CONFIG.dispute_bodies,
}
FN_HELPLINES = FN_CONFIG.helplines
FN_EMERGENCY_CONTACTS = FN_CONFIG.emergency_contacts
FN_EMERGENCY_MINUTES = FN_CONFIG.emergency_minutes
FN_EMERGENCY_COMMAND = FN_CONFIG.emergency_command
FN_ACCESS_LOG_MONTHS = FN_CONFIG.access_log_months
FN_STATEMENTS = {
    "send": FN_CONFIG.statements_send,
    "url": FN_CONFIG.statements_url,
    "place": FN_CONFIG.statements_database,
    "token_file": FN_CONFIG.statements_token_file,
    "since": date.fromisoformat(FN_CONFIG.statements_since) if FN_CONFIG.statements_since else None,
}
FN_OPERATOR_REPORT_MAIL = FN_CONFIG.operator_report_mail
FN_SUBSCRIPTIONS_PER_HOUR = FN_CONFIG.subscriptions_per_hour
FN_OBSERVATORY_STORE = FN_DATA / FN_CONFIG.observatory_store if FN_CONFIG.observatory_store else None
FN_QUICK_EXIT_URL = FN_CONFIG.quick_exit_url
FN_MAIL = {
    "adapter": FN_CONFIG.mail_adapter,
    "from": FN_CONFIG.mail_from,
    "host": FN_CONFIG.smtp_host,
    "port": FN_CONFIG.smtp_port,
    "user": FN_CONFIG.smtp_user,
    "password_file": FN_CONFIG.smtp_password_file,
    "starttls": FN_CONFIG.smtp_starttls,
    "ca_file": FN_CONFIG.smtp_ca_file,
    "timeout": FN_CONFIG.smtp_timeout,
}
FN_LMTP_LISTEN = FN_CONFIG.lmtp_listen
FN_IMAP = {
    "host": FN_CONFIG.imap_host,
    "port": FN_CONFIG.imap_port,
    "user": FN_CONFIG.imap_user,
    "password_file": FN_CONFIG.imap_password_file,
    "folder": FN_CONFIG.imap_folder,
    "done_folder": FN_CONFIG.imap_done_folder,
    "tls": FN_CONFIG.imap_tls,
    "ca_file": FN_CONFIG.imap_ca_file,
}
FN_RECEIPTS_PER_HOUR = FN_CONFIG.receipts_per_hour

DEBUG = False
# `site.setup` puts the installation's own secret here, out of the vault. Until then it is random, so that
# what a process signs that was not set up is accepted by nobody.
SECRET_KEY = secrets.token_urlsafe(48)
_url = urlsplit(FN_BASE_URL)
ALLOWED_HOSTS = [_url.hostname or "127.0.0.1", "127.0.0.1", "localhost", "[::1]"]
FN_PROXY_NETWORKS = _visitors.networks(FN_CONFIG.proxies)
CSRF_TRUSTED_ORIGINS = [f"{_url.scheme}://{_url.netloc}"]
_HTTPS = _url.scheme == "https"

INSTALLED_APPS = [
    # First, because their templates go before allauth's of the same name.
    "fairnotice.accounts",
    "fairnotice.site",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "django_htmx",
    "fairnotice.vault",
    "fairnotice.ledger",
    "fairnotice.answerable",
    "fairnotice.cases",
    "fairnotice.delivery",
    "fairnotice.intake",
    "fairnotice.recourse",
    "fairnotice.review",
    "fairnotice.register",
    "fairnotice.reports",
    "fairnotice.observatory.web",
]
MIDDLEWARE = [
    "fairnotice.site.middleware.RequestLog",
    "fairnotice.site.middleware.BehindProxies",
    "django.middleware.security.SecurityMiddleware",
    # Before the static files, which then carry the policy too.
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "fairnotice.accounts.middleware.WhoAsks",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "fairnotice.site.refusals.Refusals",
    "fairnotice.site.access.AccessMiddleware",
]
ROOT_URLCONF = "fairnotice.site.urls"
WSGI_APPLICATION = "fairnotice.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fairnotice.site.context.operator",
            ]
        },
    }
]
_SQLITE = {"transaction_mode": "IMMEDIATE", "timeout": 20}
DATABASES = {
    "default": {
        "ENGINE": "fairnotice.plumbing.sqlite",
        "NAME": FN_DATA / "db.sqlite3",
        "OPTIONS": dict(_SQLITE),
    },
    "keys": {
        "ENGINE": "fairnotice.plumbing.sqlite",
        "NAME": FN_DATA / "keys.sqlite3",
        "OPTIONS": dict(_SQLITE),
    },
}
DATABASE_ROUTERS = ["fairnotice.vault.router.KeysRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In memory only: rate limits must never leave a visitor's address on disk.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        # With Django's 300, tries at 300 other sign-in names would make the tries at one forgotten.
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "fairnotice.accounts.adapter.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None  # accounts hold no e-mail address
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = (
    False  # the session ends with the browser, and after SESSION_COOKIE_AGE at the latest
)
ACCOUNT_FORMS = {
    "login": "fairnotice.accounts.forms.LoginForm",
    "change_password": "fairnotice.accounts.forms.ChangePasswordForm",
    "reauthenticate": "fairnotice.accounts.forms.PasswordAgainForm",
}
# Counted in the worker's memory (CACHES), under hashes. "key" is the sign-in name, so that guessing from many
# addresses is slowed as well; for codes it is the account. Minutes later all is as before: nobody is locked
# out for good.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "fairnotice.accounts.second_factor.SealedAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1  # clocks half a minute apart
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 10
MFA_RATE_LIMITS = {"webauthn_login": "20/m/ip"}
MFA_FORMS = {
    "authenticate": "fairnotice.accounts.forms.CodeForm",
    "reauthenticate": "fairnotice.accounts.forms.CodeAgainForm",
    "activate_totp": "fairnotice.accounts.forms.AppForm",
    "add_webauthn": "fairnotice.accounts.forms.PasskeyForm",
    "login_webauthn": "fairnotice.accounts.forms.PasskeyLoginForm",
    "authenticate_webauthn": "fairnotice.accounts.forms.PasskeySecondForm",
    "reauthenticate_webauthn": "fairnotice.accounts.forms.PasskeyAgainForm",
}
SOCIALACCOUNT_ADAPTER = "fairnotice.accounts.by_provider.LinkedOnly"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5  # seconds, for each answer of a provider
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = None  # whitenoise serves the files from where they lie in the package
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
# Not "no-referrer": browsers then send "Origin: null" with every form, which the check against forged
# requests must refuse. Nobody else learns from where a link was followed either way.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_AGE = 8 * 3600
# Ends with the browser: a year later, nothing on a shared computer may say that somebody opened a form here.
CSRF_COOKIE_AGE = None
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "fairnotice.site.errors.csrf_failure"
# Fifty items at their full length, in a script that needs three bytes a letter.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    # Other libraries' lines may quote what somebody typed.
    "root": {"handlers": ["nowhere"], "level": "CRITICAL"},
    "loggers": {
        "fairnotice": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Django's own request and server loggers print paths, addresses and exception text: silenced, because
        # `site.middleware` writes the one line per request that is safe to keep.
        "django": {"handlers": ["nowhere"], "level": "CRITICAL", "propagate": False},
        "django.request": {"handlers": ["nowhere"], "level": "CRITICAL", "propagate": False},
        "allauth": {"handlers": ["nowhere"], "level": "CRITICAL", "propagate": False},
    },
}
