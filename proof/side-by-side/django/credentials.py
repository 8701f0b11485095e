CORS_ALLOWED_ORIGINS = ["https://your-allowed-origin.com"]
CORS_ALLOW_CREDENTIALS = True
