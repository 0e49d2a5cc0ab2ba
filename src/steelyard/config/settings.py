"""Settings. Everything that differs between installations comes from the environment (docs/reference/settings.md)."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from steelyard.ui.files import IMMUTABLE

from . import environment, logs

HOME = environment.home()
STEELYARD_HOME = HOME  # segments, raw files, cache and the SQLite database lie here
SECRET_KEY = environment.secret_key(HOME)
DEBUG = environment.flag("STEELYARD_DEBUG", False)
ALLOWED_HOSTS = environment.words("STEELYARD_HOSTS", "127.0.0.1 localhost [::1]")
CSRF_TRUSTED_ORIGINS = environment.words("STEELYARD_ORIGINS", "")
CSRF_FAILURE_VIEW = "steelyard.ui.problems.unproven"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "csp",
    "ninja",
    "steelyard.ui",
    "steelyard.ledger",
    "steelyard.jobs",
    "steelyard.outbox",
    "steelyard.operations",
    "steelyard.audit",
    "steelyard.accounts",
    "steelyard.approvals",
    "steelyard.records",
    "steelyard.company",
    "steelyard.products",
    "steelyard.masters",
    "steelyard.partners",
    "steelyard.attribution",
    "steelyard.intake",
    "steelyard.frameworks",
    "steelyard.scorecards",
    "steelyard.comparisons",
    "steelyard.reviews",
    "steelyard.dashboards",
    "steelyard.portal",
    "steelyard.api",
]
MIDDLEWARE = [
    "steelyard.operations.observing.observed",
    "steelyard.config.timing.timed",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "steelyard.api.middleware.spoken",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "steelyard.accounts.middleware.limited",
    "steelyard.audit.middleware.watched",
    "steelyard.partners.middleware.scoped",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "steelyard.ui.problems.told",
]
ROOT_URLCONF = "steelyard.config.urls"
WSGI_APPLICATION = "steelyard.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "steelyard.dashboards.navigation.navigation",
                "steelyard.portal.navigation.navigation",
                "steelyard.records.context.saved_views",
            ],
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # who guesses from one place locks nobody else out
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # the audit trail says who signed in
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "steelyard.accounts.views.signing.locked_out"
AXES_CLIENT_IP_CALLABLE = "steelyard.audit.origin.address_of"
PROXIES = int(environment.text("STEELYARD_PROXIES", "0"))  # how many proxies of ours stand in front
PASSWORD_RESET_TIMEOUT = 60 * 60
SESSION_LONGEST = 12 * 60 * 60  # since sign-in, used or not
PASSWORD_MIN_LENGTH = 15  # the only factor, so NIST 800-63B-4 asks for 15
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": PASSWORD_MIN_LENGTH}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

SESSION_COOKIE_AGE = 3 * 60 * 60  # idle; the absolute limit of 12 hours is kept by accounts
SESSION_SAVE_EVERY_REQUEST = False  # accounts renews it now and then
SESSION_COOKIE_HTTPONLY = True
SECURE_COOKIES = environment.flag("STEELYARD_SECURE_COOKIES", False)  # yes behind TLS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_COOKIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],  # data: for the marks of select boxes in daisyUI's style sheet
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = True  # served from where they are installed, compressed by the build: nothing to collect
WHITENOISE_IMMUTABLE_FILE_TEST = IMMUTABLE
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "steelyard.ui.files.BuiltFiles"},
}

LOGGING = logs.configured(environment.text("STEELYARD_LOG", "text"), environment.text("STEELYARD_LOG_LEVEL", "WARNING").upper())
METRICS_TOKEN = environment.text("STEELYARD_METRICS_TOKEN", "")
DISK_MEGABYTES = environment.number("STEELYARD_DISK_MEGABYTES", 500)  # less than this free and the installation is not ready

TASKS = {"default": {"BACKEND": "steelyard.jobs.backend.LeaseBackend"}}
WORKER_THREADS = environment.number("STEELYARD_WORKER_THREADS", 2, least=1)
WORKER_EXPECTED = environment.flag("STEELYARD_WORKER", True)  # whether readiness asks for a worker that was heard of
JOB_LEASE_SECONDS = environment.number("STEELYARD_JOB_LEASE_SECONDS", 30, least=2)  # a killed worker's jobs are taken over after this
JOB_BEAT_SECONDS = max(1, JOB_LEASE_SECONDS // 3)
WORKER_BEAT_SECONDS = 30  # while nothing runs: each is a commit, after which pages ask everything anew
JOB_POLL_SECONDS = 1
JOB_ATTEMPTS = environment.number("STEELYARD_JOB_ATTEMPTS", 5, least=1)
JOB_DAYS = environment.number("STEELYARD_JOB_DAYS", 30)  # done jobs are forgotten after this
DRAIN_SECONDS = 25  # what runs at SIGTERM may finish within this
JOB_SCHEDULES = (  # name, every so many seconds, task, and a query that says whether there is anything to do
    ("deliver waiting mail", 30, "steelyard.outbox.tasks.deliver", "steelyard.outbox.queries.anything_due"),
    ("open review cycles", 60 * 60, "steelyard.reviews.tasks.open_due_cycles"),
    ("follow the data in open periods", 15 * 60, "steelyard.scorecards.tasks.follow"),
    ("settle what waits too long", 60, "steelyard.api.tasks.settle_received", "steelyard.ledger.queries.anything_left_behind"),
    (
        "bring in rows whose code became known",
        60,
        "steelyard.intake.tasks.read_what_became_known",
        "steelyard.intake.known_since.any_batch",
    ),
    ("seal single facts", 24 * 60 * 60, "steelyard.api.tasks.seal_live", "steelyard.ledger.queries.anything_live"),
    ("seal many single facts", 60, "steelyard.api.tasks.seal_live", "steelyard.ledger.queries.many_live"),
    (
        "learn from decisions about names",
        24 * 60 * 60,
        "steelyard.attribution.tasks.learn_from_decisions",
        "steelyard.attribution.labels.anything_to_learn",
    ),
    ("forget old answers", 24 * 60 * 60, "steelyard.api.tasks.forget_old_answers"),
    ("forget old jobs", 24 * 60 * 60, "steelyard.jobs.tasks.forget_old_jobs"),
)

JOB_AT_ONCE_SECONDS = 0.5  # between two looks, each of which is one short query
JOB_AT_ONCE = (("steelyard.ledger.queries.anything_received", "steelyard.api.tasks.settle_received"),)  # a query, and what to do

PUBLICATION_OBJECTIONS = ("steelyard.reviews.objections.unapproved_ratings",)  # what rooms above scorecards say against publishing
REVIEW_DAYS = "steelyard.reviews.queries.review_days"  # on which days standings may turn, as the room above scorecards knows them

UPLOAD_MEGABYTES = environment.number("STEELYARD_UPLOAD_MEGABYTES", 1024, least=1)  # of one file that a browser sends

globals().update(environment.mail(environment.text("STEELYARD_EMAIL_URL", ""), HOME))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.text("STEELYARD_EMAIL_FROM", "Steelyard <steelyard@localhost>")

DATABASES = {"default": environment.database(environment.text("STEELYARD_DATABASE_URL", ""), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = environment.text("STEELYARD_TIME_ZONE", "UTC")
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]  # compiled by the build: frontend/build.py
