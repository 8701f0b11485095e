CORS_ALLOWED_ORIGINS = ["https://your-allowed-origin.com"]
CORS_ALLOW_METHODS = ("GET", "POST", "DELETE")
