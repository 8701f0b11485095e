CORS_ALLOWED_ORIGINS = ["https://your-allowed-origin.com"]
CORS_ALLOW_CREDENTIALS = True
MIDDLEWARE = [
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
