"""Django settings, from the environment alone."""

from __future__ import annotations

import os
from ipaddress import ip_network
from pathlib import Path

from pccovid.config.production import refuse_sandbox_in_production
from pccovid.foundation.cluster import secret
from pccovid.foundation.database import django_database
from pccovid.foundation.environment import read_environment
from pccovid.foundation.photos import LARGEST_UPLOAD

ENVIRONMENT = read_environment()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = False
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
IS_SANDBOX = ENVIRONMENT.is_sandbox
BUILD = os.environ.get("PCCOVID_BUILD", "")
"""Which build this is; with another one the apps on phones renew themselves."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "pccovid.foundation",
    "pccovid.people",
    "pccovid.insurance",
    "pccovid.lab_tests",
    "pccovid.vaccination",
    "pccovid.treatment",
    "pccovid.movement",
    "pccovid.border",
    "pccovid.declarations",
    "pccovid.accounts",
    "pccovid.officers",
    "pccovid.link_review",
    "pccovid.relinking",
    "pccovid.retention",
    "pccovid.bulk_export",
    "pccovid.inspection",
    "pccovid.breaches",
    "pccovid.consents",
    "pccovid.agreements",
    "pccovid.places",
    "pccovid.rights",
    "pccovid.published_statistics",
    "pccovid.exchange",
    "pccovid.identity_verification",
    "pccovid.insurance_checks",
    "pccovid.source_board",
    "pccovid.declaring",
    "pccovid.corrections",
    "pccovid.feedback",
    "pccovid.notices",
    "pccovid.rebinding",
    "pccovid.contact_tracing",
    "pccovid.quarantine",
    "pccovid.web",
]

MIDDLEWARE = [
    "pccovid.web.headers.security_headers",
    "pccovid.web.askers.real_address",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "pccovid.web.languages.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "pccovid.web.askers.no_nul_bytes",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]

# The process that writes what agencies send serves nothing else.
ROOT_URLCONF = "pccovid.config." + ("hub_urls" if os.environ.get("PCCOVID_SERVES") == "exchange" else "urls")
WSGI_APPLICATION = "pccovid.config.wsgi.application"
TEMPLATE_FOLDERS = [f"django.template.loaders.{kind}.Loader" for kind in ("filesystem", "app_directories")]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "pccovid.web.folded_templates.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "pccovid.web.context.surroundings",
            ],
        },
    }
]

DATABASES = {"default": django_database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "web" / "locale", PACKAGE / "web" / "console" / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STATIC_ROOT = ENVIRONMENT.home / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

refuse_sandbox_in_production(ENVIRONMENT, os.environ.get("PCCOVID_MESSAGE_SENDER", ""))

# Seals officers' code secrets in the database; several, separated by commas, while one replaces another.
OFFICER_FACTOR_KEYS = [key for key in os.environ.get("PCCOVID_FACTOR_KEYS", "").split(",") if key] or [
    secret(ENVIRONMENT.home, "officer-factors")
]

# What agencies send is written by the jobs role, and only by the process that was given its address; and the key that
# hides their file numbers, which must stay the same: by it a resource that is sent again is known.
EXCHANGE_URL = os.environ.get("PCCOVID_EXCHANGE_URL", "")
WEBHOOK_SECRET = os.environ.get("PCCOVID_WEBHOOK_SECRET") or secret(ENVIRONMENT.home, "webhooks")
EXCHANGE_SECRET = (os.environ.get("PCCOVID_EXCHANGE_SECRET") or secret(ENVIRONMENT.home, "exchange-keys")).encode()
# Where the hot lane answers, for what the pages hand on to it.
SCAN_LANE = os.environ.get("PCCOVID_SCAN_LANE", "http://127.0.0.1:8100")

# Who carries sign-in codes: a class with send(phone, text); in production a telecom's, named by its dotted path.
MESSAGE_SENDER = (
    "pccovid.accounts.sandbox_inbox.SandboxInbox" if IS_SANDBOX else os.environ.get("PCCOVID_MESSAGE_SENDER", "")
)

# The provider of electronic identities; without an issuer nobody is asked to sign in with it.
VNEID = {
    "issuer": os.environ.get("PCCOVID_VNEID_ISSUER", "").rstrip("/"),
    "client": os.environ.get("PCCOVID_VNEID_CLIENT", ""),
    "secret": os.environ.get("PCCOVID_VNEID_SECRET", ""),
}

# Whom the operators of a push service may write to (RFC 8292).
PUSH_CONTACT = os.environ.get("PCCOVID_PUSH_CONTACT", "mailto:van-hanh@pccovid.invalid")

# Cookies bound to this very host, where https lets browsers hold them to it.
IS_HTTPS = not IS_SANDBOX
SESSION_COOKIE_NAME = "__Host-sessionid" if IS_HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if IS_HTTPS else "csrftoken"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_FAILURE_VIEW = "pccovid.web.refusals.form_refused"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_ENGINE = "pccovid.web.sessions"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Whose X-Forwarded-For and X-Forwarded-Proto are believed (web/askers.py).
TRUSTED_PROXIES = [
    ip_network(network.strip()) for network in os.environ.get("PCCOVID_PROXIES", "").split(",") if network.strip()
]
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# No page takes more than a form and a photo. What is uploaded stays in memory and never touches a disk; what is larger
# is not taken in.
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = LARGEST_UPLOAD + 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 3
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]

# No personal data in logs: requests are logged by path pattern and status only.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
