CORS_ALLOWED_ORIGINS = ["https://your-allowed-origin.com"]
CORS_EXPOSE_HEADERS = ["X-Request-Id"]
