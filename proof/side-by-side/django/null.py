CORS_ALLOWED_ORIGINS = ["https://your-allowed-origin.com", "null"]
