from corsheaders.defaults import default_headers

CORS_ALLOWED_ORIGINS = ["https://your-allowed-origin.com"]
CORS_ALLOW_HEADERS = (*default_headers, "x-custom")
