CORS_ALLOWED_ORIGINS = ["https://your-allowed-origin.com"]
CORS_URLS_REGEX = r"^/ok$"
