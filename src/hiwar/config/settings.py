"""Settings, read from the environment: see ``docs/operations/settings.md`` for every knob."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.conf.locale import LANG_INFO

PACKAGE = Path(__file__).resolve().parents[1]
CHECKOUT = PACKAGE.parents[1]
HOME = CHECKOUT if (CHECKOUT / "pyproject.toml").is_file() else Path.cwd()

env = environ.FileAwareEnv()
env.read_env(os.environ.get("HIWAR_ENV_FILE", HOME / ".env"))

MAIL_PORTS = {
    "smtp": (587, ""), "smtp+tls": (587, "tls"), "smtps": (465, "ssl"), "smtp+ssl": (465, "ssl"),
    "imap": (143, ""), "imap+tls": (143, "tls"), "imaps": (993, "ssl"),
}  # fmt: skip


def mail_server(url: str) -> dict[str, Any]:
    """Read the address of a mail server: ``smtp+tls://user:password@host:port``, or a mailbox.

    Empty, and whatever is no mail server (``consolemail://`` of former versions), means: none.
    """
    parts = urlsplit(url)
    if parts.scheme not in MAIL_PORTS:
        return {}
    port, security = MAIL_PORTS[parts.scheme]
    return {
        "host": parts.hostname or "",
        "port": parts.port or port,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "security": security,
        "folder": unquote(parts.path.strip("/")) or "INBOX",
    }


# What this installation is.
DEMO = env.bool("HIWAR_DEMO", default=False)
DEBUG = env.bool("HIWAR_DEBUG", default=False)
DEMO_FOLDER = HOME / "demo"
DATA = HOME / env.str("HIWAR_DATA", default="var")
SECRET_KEY = env.str("HIWAR_SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("HIWAR_SECRET_KEY_FALLBACKS", default=[])

# The two doors and where they stand.
DOORS = env.list("HIWAR_DOORS", default=["public", "desk"])
HTTPS = env.bool("HIWAR_HTTPS", default=True)
PUBLIC_HOSTS = env.list("HIWAR_HOSTS", default=["localhost", "127.0.0.1"])
DESK_HOSTS = env.list("HIWAR_DESK_HOSTS", default=[])
ALLOWED_HOSTS = [*PUBLIC_HOSTS, *DESK_HOSTS]
BIND = env.str("HIWAR_BIND", default="127.0.0.1:8000")
LOCAL_ORIGIN = f"http://localhost:{BIND.rpartition(':')[2]}"
PUBLIC_ORIGIN = (env.str("HIWAR_ORIGIN", default="") or LOCAL_ORIGIN).rstrip("/")
DESK_ORIGIN = (env.str("HIWAR_DESK_ORIGIN", default="") or PUBLIC_ORIGIN).rstrip("/")
LOG_NAME = env.str("HIWAR_LOG_NAME", default="") or PUBLIC_ORIGIN.rpartition("/")[2]
RECEIPT_DAYS = env.int("HIWAR_RECEIPT_DAYS", default=60)
TRUSTED_PROXY = env.bool("HIWAR_TRUSTED_PROXY", default=False)
ROOT_URLCONF = "hiwar.config.urls"
WSGI_APPLICATION = "hiwar.config.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_tasks_db",
    "hiwar.common",
    "hiwar.accounts",
    "hiwar.places",
    "hiwar.contacts",
    "hiwar.dossiers",
    "hiwar.channels",
    "hiwar.events",
    "hiwar.dialogues",
    "hiwar.visits",
    "hiwar.asks",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "hiwar.common.middleware.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hiwar.common.middleware.one_door_per_host",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hiwar.common.middleware.language_of_request",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "hiwar.accounts.middleware.DeskGuard",
    "hiwar.common.middleware.lists_of_the_institution",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hiwar.common.context.page",
                "hiwar.accounts.context.institution",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# The database. synchronous=FULL is part of the promise: acknowledged means on the disk.
DATABASES = {"default": env.db("HIWAR_DATABASE_URL", default=f"sqlite:///{DATA / 'hiwar.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["NAME"] = str(HOME / DATABASES["default"]["NAME"])
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        " PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA cache_size=-20000;",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_POSTGRES_URL = env.str("HIWAR_TEST_POSTGRES_URL", default="")

# Work beside the requests. Slow work never takes the last free place of a worker.
TASKS = {"default": {"BACKEND": "hiwar.common.jobs.backend.Queue", "QUEUES": ["default", "slow"]}}
WORKERS = env.int("HIWAR_WORKERS", default=1)
WORKER_PLACES = env.int("HIWAR_WORKER_PLACES", default=3)

# Languages and time: the first language is the default one.
LANGUAGES = [
    (code, LANG_INFO[code]["name_local"])
    for code in env.list("HIWAR_LANGUAGES", default=["ar", "en"])
]
LANGUAGE_CODE = LANGUAGES[0][0]
LANGUAGE_COOKIE_NAME = "hiwar_language"
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("HIWAR_TIME_ZONE", default="UTC")
PLACE = env.dict("HIWAR_PLACE", default={})
MONTH_NAMES = env.str("HIWAR_MONTH_NAMES", default="gregorian")
DIGITS = env.str("HIWAR_DIGITS", default="latin")

# People and how they prove who they are.
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign_in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ["email"]}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
     "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]  # fmt: skip
PASSWORD_RESET_TIMEOUT = 3600
INVITATION_LIFE = timedelta(days=env.int("HIWAR_INVITATION_DAYS", default=7))
SIGN_IN_FAILURES = env.int("HIWAR_SIGN_IN_FAILURES", default=5)
SIGN_IN_PAUSE = timedelta(minutes=env.int("HIWAR_SIGN_IN_PAUSE_MINUTES", default=15))
SESSION_IDLE = timedelta(minutes=env.int("HIWAR_SESSION_IDLE_MINUTES", default=15))
CONFIRMATION_LIFE = timedelta(minutes=env.int("HIWAR_CONFIRMATION_MINUTES", default=5))

# Sessions and cookies. The __Host- prefix binds a cookie to this one host, and asks for HTTPS.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 3600 * env.int("HIWAR_SESSION_HOURS", default=8)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "__Host-hiwar_session" if HTTPS else "hiwar_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-hiwar_csrf" if HTTPS else "hiwar_csrf"
CSRF_TRUSTED_ORIGINS = [PUBLIC_ORIGIN, DESK_ORIGIN]
CSRF_FAILURE_VIEW = "hiwar.common.views.csrf_failure"

# What the browser and the proxy are told.
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SECURE_HSTS_SECONDS = env.int("HIWAR_HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY else None
USE_X_FORWARDED_HOST = False
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
CONTENT_SECURITY_POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'",
    "img-src": "'self'", "font-src": "'self'", "connect-src": "'self'",
    "manifest-src": "'self'", "form-action": "'self'", "base-uri": "'none'",
    "frame-ancestors": "'none'",
}  # fmt: skip
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_PERMISSIONS = 0o600

# Files that belong to pages.
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATIC_HASHED = env.bool("HIWAR_STATIC_HASHED", default=True)
WHITENOISE_USE_FINDERS = not STATIC_HASHED
WHITENOISE_MAX_AGE = 60
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_HASHED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = DATA / "media"

# Mail: one relay out, one mailbox in, for the room channels alone; Django itself sends none.
# A demonstration writes letters to files and sends nothing, whatever the addresses say.
PRACTICE = env.bool("HIWAR_PRACTICE", default=False)
MAIL_OUT = mail_server(env.str("HIWAR_MAIL_URL", default=""))
MAIL_IN = mail_server(env.str("HIWAR_MAIL_IN_URL", default=""))
MAIL_AUTHSERV = env.str("HIWAR_MAIL_AUTHSERV", default="")
MAIL_PER_HOUR = env.int("HIWAR_MAIL_PER_HOUR", default=3600)
MESSAGE_DAYS = env.int("HIWAR_MESSAGE_DAYS", default=30)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("HIWAR_MAIL_FROM", default="hiwar@localhost")
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

# Logs carry no values that people typed: Django's own request logger names only path and status.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # The one formatter of the house hides the tokens of private links in every line.
    "formatters": {
        "line": {
            "class": "hiwar.common.links.logs.MaskingFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    # The FIDO library would name each passkey.
    "loggers": {
        # Django's own handlers would write beside ours, and unmasked.
        "django": {"level": "INFO"},
        "django.server": {"level": "INFO", "propagate": True},
        "fido2": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
    "root": {"handlers": ["stderr"], "level": env.str("HIWAR_LOG_LEVEL", default="INFO")},
}
