"""The least that the ledger needs, for its own tests without the rest of the site."""

import tempfile
from pathlib import Path

FN_DATA = Path(tempfile.gettempdir()) / "fairnotice-ledger-tests"
FN_LOG_DIR = FN_DATA / "log"
FN_ORIGIN = "log.example.org/log"
FN_BASE_URL = "https://notices.example.org"
FN_LOG_INTERVAL = 1
FN_PROMISE_DELAY = 86400
FN_MASTER_KEY_FILE = FN_DATA / "unused.key"

SECRET_KEY = "for tests only"
ALLOWED_HOSTS = ["testserver"]
INSTALLED_APPS = ["fairnotice.vault", "fairnotice.ledger"]
ROOT_URLCONF = "tests.ledger.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.locmem.Loader",
                    {
                        "base.html": "<title>{% block title %}{% endblock %}</title>"
                        "{% block content %}{% endblock %}"
                    },
                ),
                "django.template.loaders.app_directories.Loader",
            ]
        },
    }
]
_OPTIONS = {"transaction_mode": "IMMEDIATE", "timeout": 20}
DATABASES = {
    alias: {
        "ENGINE": "fairnotice.plumbing.sqlite",
        "NAME": FN_DATA / f"{alias}.sqlite3",
        "OPTIONS": dict(_OPTIONS),
    }
    for alias in ("default", "keys")
}
DATABASE_ROUTERS = ["fairnotice.vault.router.KeysRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
