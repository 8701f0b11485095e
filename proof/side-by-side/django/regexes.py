CORS_ALLOWED_ORIGIN_REGEXES = [r"^https://\w+\.your-allowed-origin\.com$"]
