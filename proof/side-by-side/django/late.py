CORS_ALLOWED_ORIGINS = ["https://your-allowed-origin.com"]
MIDDLEWARE = [
    "layers.authenticate",
    "corsheaders.middleware.CorsMiddleware",
]
