CORS_ALLOWED_ORIGINS = [
    "https://your-allowed-origin.com",
    "https://admin.your-allowed-origin.com",
]
