CORS_ALLOWED_ORIGINS = ["https://your-allowed-origin.com"]
CORS_PREFLIGHT_MAX_AGE = 0
