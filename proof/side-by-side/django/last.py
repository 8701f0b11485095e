CORS_ALLOWED_ORIGINS = ["https://your-allowed-origin.com"]
MIDDLEWARE = [
    "django.middleware.common.CommonMiddleware",
    "layers.fail",
    "corsheaders.middleware.CorsMiddleware",
]
