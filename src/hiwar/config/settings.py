"""Settings, read from the environment: see ``docs/operations/settings.md`` for every knob."""

from __future__ import annotations

import gc
import os
from datetime import timedelta
from pathlib import Path

import environ
from babel.core import get_global
from django.conf.locale import LANG_INFO

from hiwar.config import schema

# Reading the code leaves a million objects that stay, and a migration makes and drops models by the
# hundred: to look for garbage after each 700 of them takes a sixth of a start and of an upgrade.
gc.set_threshold(100_000, 20, 50)

PACKAGE = Path(__file__).resolve().parents[1]
CHECKOUT = PACKAGE.parents[1]
HOME = CHECKOUT if (CHECKOUT / "pyproject.toml").is_file() else Path.cwd()

environ.Env.read_env(os.environ.get("HIWAR_ENV_FILE", HOME / ".env"))
env = schema.read(os.environ, HOME)
if env.findings:
    raise schema.SettingsError(env.findings)

# What this installation is.
DEMO = env["HIWAR_DEMO"]
DEBUG = env["HIWAR_DEBUG"]
DEMO_FOLDER = HOME / "demo"
DATA = env["HIWAR_DATA"]
FILES = DATA / "files"
SECRET_KEY = env["HIWAR_SECRET_KEY"]
SECRET_KEY_FALLBACKS = env["HIWAR_SECRET_KEY_FALLBACKS"]
# Opens what a copy of the data folder and the database must not: it lies in neither.
OUTER_KEY = env["HIWAR_KEY"] or SECRET_KEY
KEY_FILES = [
    path
    for path in (
        os.environ.get("HIWAR_KEY_FILE"),
        os.environ.get("HIWAR_SECRET_KEY_FILE"),
        os.environ.get("HIWAR_ENV_FILE", str(HOME / ".env")),
    )
    if path
]

# The two doors and where they stand.
DOORS = env["HIWAR_DOORS"]
HTTPS = env["HIWAR_HTTPS"]
PUBLIC_HOSTS = env["HIWAR_HOSTS"]
DESK_HOSTS = env["HIWAR_DESK_HOSTS"]
ALLOWED_HOSTS = [*PUBLIC_HOSTS, *DESK_HOSTS]
BIND = env["HIWAR_BIND"]
LOCAL_ORIGIN = f"http://localhost:{BIND.rpartition(':')[2]}"
PUBLIC_ORIGIN = (env["HIWAR_ORIGIN"] or LOCAL_ORIGIN).rstrip("/")
DESK_ORIGIN = (env["HIWAR_DESK_ORIGIN"] or PUBLIC_ORIGIN).rstrip("/")
LOG_NAME = env["HIWAR_LOG_NAME"] or PUBLIC_ORIGIN.rpartition("/")[2]
RECEIPT_DAYS = env["HIWAR_RECEIPT_DAYS"]
TRUSTED_PROXY = env["HIWAR_TRUSTED_PROXY"]
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
    "hiwar.signatures",
    "hiwar.dossiers",
    "hiwar.evidence",
    "hiwar.legislation",
    "hiwar.channels",
    "hiwar.events",
    "hiwar.dialogues",
    "hiwar.forums",
    "hiwar.visits",
    "hiwar.papers",
    "hiwar.asks",
    "hiwar.publishing",
    "hiwar.trace",
]

MIDDLEWARE = [
    "hiwar.common.health.metrics.asked_from_here",
    "hiwar.common.health.metrics.counting",
    "django.middleware.security.SecurityMiddleware",
    "hiwar.common.middleware.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hiwar.common.serving.compression.compressed_for_everybody",
    "hiwar.common.middleware.one_door_per_host",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hiwar.common.middleware.language_of_request",
    "hiwar.accounts.middleware.StandStill",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "hiwar.accounts.middleware.DeskGuard",
    "hiwar.common.middleware.lists_of_the_institution",
    "hiwar.common.middleware.VisibleWords",
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
DATABASES = {"default": env["HIWAR_DATABASE_URL"]}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        " PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA cache_size=-20000;",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_POSTGRES_URL = env["HIWAR_TEST_POSTGRES_URL"]

# Work beside the requests. Slow work never takes the last free place of a worker.
TASKS = {"default": {"BACKEND": "hiwar.common.jobs.backend.Queue", "QUEUES": ["default", "slow"]}}
WORKERS = env["HIWAR_WORKERS"]
WORKER_PLACES = env["HIWAR_WORKER_PLACES"]

# Languages and time: the first language is the default one.
LANGUAGES = [(code, LANG_INFO[code]["name_local"]) for code in env["HIWAR_LANGUAGES"]]
LANGUAGE_CODE = LANGUAGES[0][0]
LANGUAGE_COOKIE_NAME = "hiwar_language"
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env["HIWAR_TIME_ZONE"]
PLACE = env["HIWAR_PLACE"]
COUNTRY = env["HIWAR_COUNTRY"] or get_global("zone_territories").get(TIME_ZONE, "")
MONTH_NAMES = env["HIWAR_MONTH_NAMES"]
DIGITS = env["HIWAR_DIGITS"]

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
INVITATION_LIFE = timedelta(days=env["HIWAR_INVITATION_DAYS"])
SIGN_IN_FAILURES = env["HIWAR_SIGN_IN_FAILURES"]
SIGN_IN_PAUSE = timedelta(minutes=env["HIWAR_SIGN_IN_PAUSE_MINUTES"])
SESSION_IDLE = timedelta(minutes=env["HIWAR_SESSION_IDLE_MINUTES"])
CONFIRMATION_LIFE = timedelta(minutes=env["HIWAR_CONFIRMATION_MINUTES"])

# Sessions and cookies. The __Host- prefix binds a cookie to this one host, and asks for HTTPS.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 3600 * env["HIWAR_SESSION_HOURS"]
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
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = env["HIWAR_HSTS_SECONDS"] if HTTPS else 0
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
STATIC_HASHED = env["HIWAR_STATIC_HASHED"]
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
PRACTICE = env["HIWAR_PRACTICE"]
MAIL_OUT = env["HIWAR_MAIL_URL"]
MAIL_IN = env["HIWAR_MAIL_IN_URL"]
MAIL_AUTHSERV = env["HIWAR_MAIL_AUTHSERV"]
MAIL_DKIM_SELECTOR = env["HIWAR_MAIL_DKIM_SELECTOR"]
# A folder outside of the data that the gateway of a telephone empties; empty sends no texts.
TEXT_FOLDER = str(HOME / env["HIWAR_TEXT_FOLDER"]) if env["HIWAR_TEXT_FOLDER"] else ""
DNS_SERVER = env["HIWAR_DNS_SERVER"]
MAIL_PER_HOUR = env["HIWAR_MAIL_PER_HOUR"]
MESSAGE_DAYS = env["HIWAR_MESSAGE_DAYS"]
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env["HIWAR_MAIL_FROM"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

# Backups: encrypted to public keys, whose private parts lie elsewhere.
BACKUP_TO = HOME / env["HIWAR_BACKUP_TO"] if env["HIWAR_BACKUP_TO"] else DATA / "backups"
BACKUP_RECIPIENTS = env["HIWAR_BACKUP_RECIPIENTS"]
BACKUP_COPY_TO = HOME / env["HIWAR_BACKUP_COPY_TO"] if env["HIWAR_BACKUP_COPY_TO"] else None
BACKUP_COPY_COMMAND = env["HIWAR_BACKUP_COPY_COMMAND"]
METRICS = env["HIWAR_METRICS"]
METRICS_TOKEN = env["HIWAR_METRICS_TOKEN"]
ALARM_TO = env["HIWAR_ALARM_TO"]
BACKUP_DAYS = env["HIWAR_BACKUP_DAYS"]

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
    "root": {"handlers": ["stderr"], "level": env["HIWAR_LOG_LEVEL"]},
}
