"""Django settings, from the environment alone."""

from __future__ import annotations

import os
from pathlib import Path

from pccovid.foundation.cluster import secret
from pccovid.foundation.database import django_database
from pccovid.foundation.environment import read_environment

ENVIRONMENT = read_environment()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = False
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
IS_SANDBOX = ENVIRONMENT.is_sandbox

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "pccovid.foundation",
    "pccovid.people",
    "pccovid.insurance",
    "pccovid.lab_tests",
    "pccovid.vaccination",
    "pccovid.movement",
    "pccovid.border",
    "pccovid.declarations",
    "pccovid.accounts",
    "pccovid.officers",
    "pccovid.link_review",
    "pccovid.web",
]

MIDDLEWARE = [
    "pccovid.web.headers.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "pccovid.web.languages.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "pccovid.config.urls"
WSGI_APPLICATION = "pccovid.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "pccovid.web.context.surroundings",
            ]
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

# Seals officers' code secrets in the database; several, separated by commas, while one replaces another.
OFFICER_FACTOR_KEYS = [key for key in os.environ.get("PCCOVID_FACTOR_KEYS", "").split(",") if key] or [
    secret(ENVIRONMENT.home, "officer-factors")
]

# Who carries sign-in codes: a class with send(phone, text); in production a telecom's, named by its dotted path.
MESSAGE_SENDER = (
    "pccovid.accounts.sandbox_inbox.SandboxInbox" if IS_SANDBOX else os.environ.get("PCCOVID_MESSAGE_SENDER", "")
)

SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not ENVIRONMENT.is_sandbox
SESSION_COOKIE_AGE = 12 * 60 * 60
SECURE_HSTS_SECONDS = 0 if ENVIRONMENT.is_sandbox else 365 * 24 * 60 * 60
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]

# No personal data in logs: requests are logged by path pattern and status only.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
