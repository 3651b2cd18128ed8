INSTALLED_APPS: list[str] = [
    "django.contrib.admin",
    "app_one",
    *EXTRA,
]
INSTALLED_APPS += ("app_two.apps.Config",)
MIDDLEWARE = ["app_three.middleware.M"] + OTHER
DATABASES = {"default": {"ENGINE": "engine_four.base", "NAME": "not.this"}}
CACHES = dict(default=1)
TEMPLATES = [{"BACKEND": "backend_five.B", "OPTIONS": {"context_processors": ["processor_six.p"]}}]
AUTHENTICATION_BACKENDS = ["auth_seven.B"]
SQLALCHEMY_DATABASE_URI = "postgresql+psycopg2cffi://localhost/x"
